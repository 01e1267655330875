/// How the bytes of a text file spell its characters.
package enum TextEncoding: String, Sendable, Hashable, CaseIterable {
    case utf8 = "UTF-8"
    /// Known by their byte order mark alone.
    case utf16LittleEndian = "UTF-16LE"
    case utf16BigEndian = "UTF-16BE"
    /// What is no UTF-8, and holds no bytes that a text would not. It takes in ISO 8859-1.
    case windows1252 = "Windows-1252"

    /// A value of no character, for bytes that spell none: with the bytes themselves in the lower half.
    static let broken: UInt32 = 0x8000_0000

    /// The bytes of a code unit.
    var width: Int {
        switch self {
        case .utf8, .windows1252: 1
        case .utf16LittleEndian, .utf16BigEndian: 2
        }
    }

    /// The byte order mark that a file of this encoding may begin with.
    var mark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        case .windows1252: []
        }
    }

    /// The code unit at `index`, which has as many bytes behind it.
    func codeUnit(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> UInt32 {
        switch self {
        case .utf8, .windows1252: UInt32(bytes[index])
        case .utf16LittleEndian: UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8
        case .utf16BigEndian: UInt32(bytes[index]) << 8 | UInt32(bytes[index + 1])
        }
    }

    /// Calls `body` with the value of each character in a range of bytes and with where it begins.
    func forEachScalar(
        in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ body: (_ value: UInt32, _ place: Int) -> Void
    ) {
        var index = range.lowerBound
        while index < range.upperBound {
            let (value, length) = scalar(bytes, index, range.upperBound)
            body(value, index)
            index += length
        }
    }

    private func scalar(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ end: Int
    ) -> (value: UInt32, length: Int) {
        switch self {
        case .utf8: return Self.utf8Scalar(bytes, index, end)
        case .windows1252: return (Self.windows1252Scalar(bytes[index]), 1)
        case .utf16LittleEndian, .utf16BigEndian: break
        }
        guard index + 2 <= end else { return (Self.broken | UInt32(bytes[index]), 1) }
        let unit = codeUnit(bytes, index)
        guard unit & 0xF800 == 0xD800 else { return (unit, 2) }
        guard unit < 0xDC00, index + 4 <= end else { return (Self.broken | unit, 2) }
        let low = codeUnit(bytes, index + 2)
        guard low & 0xFC00 == 0xDC00 else { return (Self.broken | unit, 2) }
        return (0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF, 4)
    }

    private static func utf8Scalar(
        _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, _ end: Int
    ) -> (value: UInt32, length: Int) {
        let first = bytes[index]
        guard first >= 0x80 else { return (UInt32(first), 1) }
        let length = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1
        let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        guard length > 1, index + length <= end else { return (broken | UInt32(first), 1) }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for byte in bytes[index + 1..<index + length] {
            guard byte & 0xC0 == 0x80 else { return (broken | UInt32(first), 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard value >= smallest, Unicode.Scalar(value) != nil else { return (broken | UInt32(first), 1) }
        return (value, length)
    }

    /// The characters of 0x80 to 0x9F; five bytes are none and stand for themselves.
    private static let windows1252Characters: [UInt32] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,
        0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A,
        0x0153, 0x9D, 0x017E, 0x0178,
    ]

    private static func windows1252Scalar(_ byte: UInt8) -> UInt32 {
        (0x80...0x9F).contains(byte) ? windows1252Characters[Int(byte) - 0x80] : UInt32(byte)
    }

    /// The bytes of `text`, or the first character that the encoding has not.
    func encode(_ text: some StringProtocol) -> Result<[UInt8], Missing> {
        switch self {
        case .utf8: return .success(Array(text.utf8))
        case .utf16LittleEndian: return .success(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] })
        case .utf16BigEndian: return .success(text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
        case .windows1252: break
        }
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            if let place = Self.windows1252Characters.firstIndex(of: scalar.value) {
                bytes.append(UInt8(0x80 + place))
            } else if scalar.value < 0x80 || (0xA0...0xFF).contains(scalar.value) {
                bytes.append(UInt8(scalar.value))
            } else {
                return .failure(Missing(scalar: scalar))
            }
        }
        return .success(bytes)
    }

    /// A character that an encoding has not.
    struct Missing: Error {
        let scalar: Unicode.Scalar
    }

    /// The characters of a range of bytes; what spells none becomes U+FFFD.
    func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> String {
        var scalars = String.UnicodeScalarView()
        forEachScalar(in: bytes, range) { value, _ in scalars.append(Unicode.Scalar(value) ?? "\u{FFFD}") }
        return String(scalars)
    }
}

extension TextEncoding {
    /// The bytes that are looked at for a NUL, as git does it.
    private static let looked = 8000

    /// The encoding of a text; `nil` for what is none.
    package init?(of bytes: [UInt8]) {
        let found = bytes.withUnsafeBufferPointer { Self.detect($0) }
        guard let found else { return nil }
        self = found
    }

    private static func detect(_ bytes: UnsafeBufferPointer<UInt8>) -> Self? {
        for encoding in [Self.utf16LittleEndian, .utf16BigEndian]
        where bytes.starts(with: encoding.mark) && bytes.count.isMultiple(of: 2) {
            let census = Census(bytes, encoding)
            if census.broken == 0, census.zeros == 0 { return encoding }
        }
        guard !bytes.prefix(looked).contains(0) else { return nil }
        let census = Census(bytes, .utf8)
        // A few bytes that are damaged make no other text of it.
        if census.broken == 0 || census.long > census.broken { return .utf8 }
        return census.controls == 0 ? .windows1252 : nil
    }

    /// What a text consists of.
    private struct Census {
        var broken = 0
        var zeros = 0
        /// Characters beyond ASCII.
        var long = 0
        /// Control characters that texts do not hold.
        var controls = 0

        init(_ bytes: UnsafeBufferPointer<UInt8>, _ encoding: TextEncoding) {
            encoding.forEachScalar(in: bytes, 0..<bytes.count) { value, _ in
                switch value {
                case 0: zeros += 1
                // 26 ends files of DOS.
                case 7...13, 26, 27, 32...126: break
                case TextEncoding.broken...: broken += 1
                case 128...: long += 1
                default: controls += 1
                }
            }
        }
    }
}
