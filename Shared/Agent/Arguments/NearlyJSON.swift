import Foundations

/// Reads JSON the way that models write it. What `JSONParser` takes is read as the same value; beyond that it takes
/// raw line breaks and other control characters in texts, a comma behind the last element, texts in single quotes, names
/// of members without quotes, `True`, `False` and `None`, and a backslash before a character that needs none (`"\d+"`), which then is meant.
///
/// Nothing is completed: where the text ends in the middle of a value, that is an error of its own.
struct NearlyJSON {
    enum Failure: Error, Equatable {
        /// The text ends in the middle of a value.
        case cut
        /// At this byte stands something that cannot.
        case broken(at: Int)
    }

    private static let maximumDepth = 512

    private let bytes: [UInt8]
    /// The first byte that is not read yet.
    private(set) var position: Int

    /// Reads from `position` on.
    init(_ bytes: [UInt8], at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// The one value that `text` holds.
    static func parse(_ text: String) throws(Failure) -> WrittenValue {
        var reader = NearlyJSON(Array(text.utf8))
        let value = try reader.value()
        reader.skipSpace()
        guard reader.next == nil else { throw .broken(at: reader.position) }
        return value
    }

    /// The value that comes next.
    mutating func value() throws(Failure) -> WrittenValue { try value(depth: 0) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private var failure: Failure { position < bytes.count ? .broken(at: position) : .cut }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Steps over `byte` if it comes next.
    private mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: Unicode.Scalar) throws(Failure) {
        guard skip(byte) else { throw failure }
    }

    private mutating func value(depth: Int) throws(Failure) -> WrittenValue {
        skipSpace()
        guard depth <= Self.maximumDepth, let byte = next else { throw failure }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try list(depth: depth)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(try text())
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): return try word()
        default: return try number()
        }
    }

    private mutating func list(depth: Int) throws(Failure) -> WrittenValue {
        guard depth < Self.maximumDepth else { throw failure }
        position += 1
        var items: [WrittenValue] = []
        while true {
            skipSpace()
            if skip("]") { return .list(items) }
            items.append(try value(depth: depth + 1))
            skipSpace()
            guard !skip(",") else { continue }
            try expect("]")
            return .list(items)
        }
    }

    private mutating func object(depth: Int) throws(Failure) -> WrittenValue {
        guard depth < Self.maximumDepth else { throw failure }
        position += 1
        var members: [WrittenValue.Member] = []
        while true {
            skipSpace()
            if skip("}") { break }
            let name = try memberName()
            skipSpace()
            try expect(":")
            members.append(.init(name: name, value: try value(depth: depth + 1)))
            skipSpace()
            guard !skip(",") else { continue }
            try expect("}")
            break
        }
        var names: Set<String> = []
        return .object(members.reversed().filter { names.insert($0.name).inserted }.reversed())
    }

    private mutating func memberName() throws(Failure) -> String {
        if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") { return try text() }
        let name = run { Self.isLetter($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
        guard !name.isEmpty else { throw failure }
        return name
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
    }

    private static let words: [String: WrittenValue] = [
        "true": .bool(true), "True": .bool(true), "false": .bool(false), "False": .bool(false), "null": .null,
        "None": .null,
    ]

    private mutating func word() throws(Failure) -> WrittenValue {
        let start = position
        let word = run(Self.isLetter)
        if let value = Self.words[word] { return value }
        let isCut = next == nil && Self.words.keys.contains { $0.hasPrefix(word) }
        throw isCut ? .cut : .broken(at: start)
    }

    private mutating func number() throws(Failure) -> WrittenValue {
        let start = position
        let digits = run { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "+-.eE".utf8.contains($0) }
        guard (try? JSONValue(parsing: digits)) != nil else { throw next == nil ? .cut : .broken(at: start) }
        return .number(digits)
    }

    private mutating func run(_ belongs: (UInt8) -> Bool) -> String {
        let start = position
        while let byte = next, belongs(byte) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }
}

// MARK: Texts

extension NearlyJSON {
    private mutating func text() throws(Failure) -> String {
        let (start, quote) = (position, bytes[position])
        var content: [UInt8] = []
        var (plainStart, meansBackslash, meansControl) = (position + 1, false, false)
        position += 1
        while next != quote {
            guard let byte = next else { throw .cut }
            guard byte == UInt8(ascii: "\\") else {
                position += 1
                continue
            }
            content += bytes[plainStart..<position]
            if let escaped = try escape(in: quote) {
                content += escaped.utf8
                meansControl = meansControl || !["\"", "\\", "/"].contains(escaped)
                plainStart = position
            } else {
                // The backslash is a part of the text, and so is what follows it.
                meansBackslash = true
                plainStart = position
                position += 2
            }
        }
        content += bytes[plainStart..<position]
        // Where some backslashes are meant as such, `\n` may be one too: a folder `\new` must not become a line break.
        guard !(meansBackslash && meansControl), let text = String(validating: content, as: UTF8.self) else {
            throw .broken(at: start)
        }
        position += 1
        return text
    }

    private static let escapes: [UInt8: String] = [
        UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}",
        UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]

    /// Reads an escape; `nil`, and nothing is read, if there is none of that kind and the backslash is meant.
    private mutating func escape(in quote: UInt8) throws(Failure) -> String? {
        guard position + 1 < bytes.count else {
            position = bytes.count
            throw .cut
        }
        let byte = bytes[position + 1]
        if let known = Self.escapes[byte] {
            position += 2
            return known
        }
        switch byte {
        case UInt8(ascii: "u"):
            position += 2
            return try unicode()
        case UInt8(ascii: "'") where quote == byte:
            position += 2
            return "'"
        // Between double quotes it may stand for a quote or for both characters; Python escapes every backslash.
        case UInt8(ascii: "'"): throw .broken(at: position)
        case _ where quote == UInt8(ascii: "'"): throw .broken(at: position)
        case 0x80...: throw .broken(at: position)
        default: return nil
        }
    }

    /// Four hexadecimal digits, or a pair of surrogates.
    private mutating func unicode() throws(Failure) -> String {
        var units = [try hexadecimal()]
        if UTF16.isLeadSurrogate(units[0]) {
            try expect("\\")
            try expect("u")
            units.append(try hexadecimal())
        }
        guard let text = String(validating: units, as: UTF16.self) else { throw .broken(at: position) }
        return text
    }

    private mutating func hexadecimal() throws(Failure) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw failure }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
