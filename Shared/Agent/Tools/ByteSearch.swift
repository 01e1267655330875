/// Finds bytes in others in time linear in both (Knuth, Morris and Pratt): a model chooses both.
struct ByteSearch {
    private let wanted: [UInt8]
    /// How much of the wanted bytes is still matched when the byte behind a prefix of them does not fit.
    private let borders: [Int]

    init(_ wanted: some Sequence<UInt8>) {
        self.wanted = Array(wanted)
        var borders = [0]
        var length = 0
        for byte in self.wanted.dropFirst() {
            while length > 0, byte != self.wanted[length] { length = borders[length - 1] }
            if byte == self.wanted[length] { length += 1 }
            borders.append(length)
        }
        self.borders = borders
    }

    /// Where the wanted bytes lie, from the first on, without those that overlap an earlier one.
    func places(in text: some Sequence<UInt8>) -> [Range<Int>] {
        guard !wanted.isEmpty else { return [] }
        var places: [Range<Int>] = []
        var length = 0
        for (index, byte) in text.enumerated() {
            while length > 0, byte != wanted[length] { length = borders[length - 1] }
            if byte == wanted[length] { length += 1 }
            guard length == wanted.count else { continue }
            places.append(index + 1 - length..<index + 1)
            length = 0
        }
        return places
    }
}
