import Foundations

/// Reads JSON as providers write it: what is no JSON, but can only mean one thing, is put right first.
struct LenientJSON {
    let value: JSONValue
    /// Whether texts hold marks of ``HalfSurrogate``.
    let hasHalves: Bool

    /// `nil` if nothing helps.
    init?(_ bytes: [UInt8]) {
        if let value = try? JSONValue(parsing: bytes) {
            self.value = value
            hasHalves = false
            return
        }
        let marked = HalfSurrogate.marked(bytes)
        var repair = Repair(bytes: Array(String(decoding: marked ?? bytes, as: UTF8.self).utf8))
        repair.run()
        guard let value = try? JSONValue(parsing: repair.result) else { return nil }
        self.value = value
        hasHalves = repair.foundHalf || marked != nil
    }
}

/// Puts right: halves of surrogate pairs, control characters in texts, escapes that JSON does not know, a comma behind
/// the last member, numbers beyond all bounds (they become texts), and `NaN` and `Infinity` as Python writes them (they
/// become `null`).
private struct Repair {
    let bytes: [UInt8]
    var result: [UInt8] = []
    var foundHalf = false
    private var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
        result.reserveCapacity(bytes.count)
    }

    mutating func run() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""): copyText()
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "N"), UInt8(ascii: "I"):
                copyNumber()
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if let last = result.lastIndex(where: { $0 > 0x20 }), result[last] == UInt8(ascii: ",") {
                    result.remove(at: last)
                }
                copy(1)
            default: copy(1)
            }
        }
    }

    private mutating func copy(_ count: Int) {
        let end = min(bytes.count, position + count)
        result += bytes[position..<end]
        position = end
    }

    private mutating func copyNumber() {
        let word = bytes[position...].prefix { byte in
            Unicode.Scalar(byte).properties.isAlphabetic || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
        }
        position = word.endIndex
        switch String(decoding: word, as: UTF8.self) {
        case "NaN", "Infinity", "-Infinity": result += Array("null".utf8)
        case let text where Double(text)?.isFinite == false: result += Array("\"\(text)\"".utf8)
        default: result += word
        }
    }

    private mutating func copyText() {
        copy(1)
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""): return copy(1)
            case UInt8(ascii: "\\"): copyEscape()
            case 0..<0x20:
                result += Array("\\u00".utf8) + hexadecimal(bytes[position])
                position += 1
            default: copy(1)
            }
        }
    }

    private mutating func copyEscape() {
        guard let unit = unit(at: position), let mark = HalfSurrogate.mark(unit) else { return copyPlainEscape() }
        if UTF16.isLeadSurrogate(unit), let next = self.unit(at: position + 6), UTF16.isTrailSurrogate(next) {
            return copy(12)
        }
        foundHalf = true
        result += Array(String(mark).utf8)
        position += 6
    }

    private static let escapes = Set(#""\/bfnrtu"#.utf8)

    /// Behind a backslash that begins no escape of JSON, a quote is itself; any other stays with its backslash.
    private mutating func copyPlainEscape() {
        guard position + 1 < bytes.count, !Self.escapes.contains(bytes[position + 1]) else { return copy(2) }
        if bytes[position + 1] != UInt8(ascii: "'") { result += Array(#"\\"#.utf8) }
        position += 1
    }

    /// The unit that an escape such as `\ud83d` at `start` stands for.
    private func unit(at start: Int) -> UInt16? {
        guard start + 6 <= bytes.count, bytes[start] == UInt8(ascii: "\\"), bytes[start + 1] == UInt8(ascii: "u") else {
            return nil
        }
        return UInt16(String(decoding: bytes[start + 2..<start + 6], as: UTF8.self), radix: 16)
    }

    private func hexadecimal(_ byte: UInt8) -> [UInt8] {
        [byte >> 4, byte & 15].map { $0 < 10 ? UInt8(ascii: "0") + $0 : UInt8(ascii: "a") + $0 - 10 }
    }
}
