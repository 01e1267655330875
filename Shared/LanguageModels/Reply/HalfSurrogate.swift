/// One half of a pair of UTF-16: providers cut a character in two, so that `\ud83d` ends one delta and `\ude00` begins
/// the next. No text can hold a half, so a scalar that no text needs stands for it until both are there.
enum HalfSurrogate {
    /// The last 2048 scalars of all, for private use, in the order of the halves.
    private static let marks: ClosedRange<UInt32> = 0x10F800...0x10FFFF

    /// What stands for the half `unit`, `nil` if it is none.
    static func mark(_ unit: UInt16) -> Unicode.Scalar? {
        guard UTF16.isLeadSurrogate(unit) || UTF16.isTrailSurrogate(unit) else { return nil }
        return Unicode.Scalar(marks.lowerBound + UInt32(unit) - 0xD800)
    }

    /// `bytes` with marks for halves that are written as if they were characters of their own, `ED A0 80` to `ED BF BF`;
    /// `nil` if there are none.
    static func marked(_ bytes: [UInt8]) -> [UInt8]? {
        var (result, position, isFound) = ([UInt8](), 0, false)
        while position < bytes.count {
            if position + 2 < bytes.count, bytes[position] == 0xED, (0xA0...0xBF).contains(bytes[position + 1]),
                let mark = mark(0xD000 | UInt16(bytes[position + 1] & 0x3F) << 6 | UInt16(bytes[position + 2] & 0x3F))
            {
                result += Array(String(mark).utf8)
                (position, isFound) = (position + 3, true)
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
        return isFound ? result : nil
    }

    /// `text` with the halves that belong together as their character, and U+FFFD for one that is left over.
    static func joined(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { marks.contains($0.value) }) else { return text }
        let units = text.unicodeScalars.flatMap { scalar in
            marks.contains(scalar.value)
                ? [UInt16(scalar.value - marks.lowerBound + 0xD800)] : Array(String(scalar).utf16)
        }
        return String(decoding: units, as: UTF16.self)
    }
}
