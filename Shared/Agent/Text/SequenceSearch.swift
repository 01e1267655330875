/// Finds a sequence in another in time linear in both (Knuth, Morris and Pratt): a model chooses both.
struct SequenceSearch<Element: Equatable> {
    private let wanted: [Element]
    /// How much of the wanted sequence is still matched when the element behind a prefix of it does not fit.
    private let borders: [Int]

    init(_ wanted: some Sequence<Element>) {
        self.wanted = Array(wanted)
        var borders = [0]
        var length = 0
        for element in self.wanted.dropFirst() {
            while length > 0, element != self.wanted[length] { length = borders[length - 1] }
            if element == self.wanted[length] { length += 1 }
            borders.append(length)
        }
        self.borders = borders
    }

    /// Where the wanted sequence lies, from the first place on, without those that overlap an earlier one.
    func places(in text: some Sequence<Element>) -> [Range<Int>] {
        guard !wanted.isEmpty else { return [] }
        var places: [Range<Int>] = []
        var length = 0
        for (index, element) in text.enumerated() {
            while length > 0, element != wanted[length] { length = borders[length - 1] }
            if element == wanted[length] { length += 1 }
            guard length == wanted.count else { continue }
            places.append(index + 1 - length..<index + 1)
            length = 0
        }
        return places
    }
}
