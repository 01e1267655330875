import Foundations

/// A text as a sequence of characters, each with the bytes that it stands for: to look for a text that is spelt
/// otherwise.
struct FoldedText {
    /// Which spellings count as one.
    enum Folding {
        case exact
        /// Every line end is LF.
        case lineEnds
        /// Line ends, and characters that Unicode holds to be the same, composed or not.
        case canonical
    }

    let units: [UInt32]
    /// Where the character begins that each unit is of.
    private let places: [Int32]
    private let end: Int

    /// A range of a file; files are far smaller than 2 GB.
    init(_ file: TextFile, _ range: Range<Int>, _ folding: Folding) {
        let encoding = file.form.encoding
        var (units, places) = ([UInt32](), [Int32]())
        units.reserveCapacity(range.count / encoding.width)
        places.reserveCapacity(range.count / encoding.width)
        var folder = Folder(folding, file.form.ending)
        file.bytes.withUnsafeBufferPointer { bytes in
            encoding.forEachScalar(in: bytes, range) { value, place in
                folder.take(value, Int32(place), &units, &places)
            }
        }
        folder.finish(&units, &places)
        (self.units, self.places, end) = (units, places, range.upperBound)
    }

    /// All of a text, whatever it begins with.
    init(_ text: String, _ folding: Folding) {
        let file = TextFile(Array(text.utf8), .utf8)
        self.init(file, 0..<file.bytes.count, folding)
    }

    /// The bytes of a range of units; `nil` if it begins or ends within a character.
    func bytes(of range: Range<Int>) -> Range<Int>? {
        isBoundary(range.lowerBound) && isBoundary(range.upperBound)
            ? place(range.lowerBound)..<place(range.upperBound) : nil
    }

    func isBoundary(_ index: Int) -> Bool {
        index == 0 || index == units.count || places[index] != places[index - 1]
    }

    func place(_ index: Int) -> Int { index < places.count ? Int(places[index]) : end }
}

/// Folds one character after the other.
private struct Folder {
    private let folding: FoldedText.Folding
    private let ending: LineEnding
    /// A character and the marks behind it, until it is known that no more of them follow.
    private var pending = String.UnicodeScalarView()
    private var pendingPlace: Int32 = 0
    private var endsInReturn = false
    /// What single characters decompose to.
    private var known: [Unicode.Scalar: [UInt32]] = [:]

    init(_ folding: FoldedText.Folding, _ ending: LineEnding) {
        self.folding = folding
        self.ending = ending
    }

    mutating func take(_ value: UInt32, _ place: Int32, _ units: inout [UInt32], _ places: inout [Int32]) {
        guard folding != .exact else {
            units.append(value)
            places.append(place)
            return
        }
        // The place of the pair is that of its first half.
        if endsInReturn, value == 10 { units[units.count - 1] = 10 }
        defer { endsInReturn = value == 13 }
        if endsInReturn, value == 10 { return }
        if folding == .canonical, value >= 0xC0, let scalar = Unicode.Scalar(value) {
            return compose(scalar, place, &units, &places)
        }
        finish(&units, &places)
        if folding == .canonical, value > 32, let scalar = Unicode.Scalar(value) {
            pending.append(scalar)
            pendingPlace = place
        } else {
            units.append(value == 13 && ending == .cr ? 10 : value)
            places.append(place)
        }
    }

    private mutating func compose(
        _ scalar: Unicode.Scalar, _ place: Int32, _ units: inout [UInt32], _ places: inout [Int32]
    ) {
        if scalar.properties.canonicalCombiningClass == .notReordered { finish(&units, &places) }
        if pending.isEmpty { pendingPlace = place }
        pending.append(scalar)
    }

    mutating func finish(_ units: inout [UInt32], _ places: inout [Int32]) {
        guard let first = pending.first else { return }
        let isSingle = pending.index(after: pending.startIndex) == pending.endIndex
        let values = isSingle ? decomposed(first) : Self.decomposed(pending)
        for value in values {
            units.append(value)
            places.append(pendingPlace)
        }
        pending = String.UnicodeScalarView()
    }

    private mutating func decomposed(_ scalar: Unicode.Scalar) -> [UInt32] {
        guard scalar.value >= 0xC0 else { return [scalar.value] }
        if let values = known[scalar] { return values }
        let values = Self.decomposed(String.UnicodeScalarView([scalar]))
        known[scalar] = values
        return values
    }

    private static func decomposed(_ scalars: String.UnicodeScalarView) -> [UInt32] {
        String(scalars).canonicallyDecomposed.map(\.value)
    }
}
