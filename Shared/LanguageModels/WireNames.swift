import Foundations

/// Names of tools as history may hold them: `[a-zA-Z_][a-zA-Z0-9_-]{0,63}`. A model's slip is in every later request, and a
/// provider that refuses it would refuse them all.
enum WireNames {
    static let longest = 64

    /// `name` as it is sent; one of `tools` where it is clear which one was meant.
    static func clean(_ name: String, tools: Set<String>) -> String {
        if isTaken(name) { return name }
        // What follows `<|` are control words of the model's own language.
        let head = name.firstRange(of: "<|").map { String(name[..<$0.lowerBound]) } ?? name
        // A number of the call: `functions.read_file:0`.
        let parts = head.split(separator: ":")
        let plain = parts.count > 1 && parts.last?.allSatisfy(\.isNumber) == true ? String(parts[0]) : head
        let last = plain.split { ".:/=".contains($0) }.last.map(String.init) ?? ""
        if tools.contains(last) || plain.hasPrefix("functions.") && isTaken(last) { return last }
        let safe = String(
            decoding: plain.trimmed.utf8.prefix(longest).map { isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        guard !safe.isEmpty else { return "unknown_tool" }
        return isTaken(safe) ? safe : "_" + safe.prefix(longest - 1)
    }

    static func isTaken(_ name: String) -> Bool {
        guard (1...longest).contains(name.utf8.count), let first = name.first, first.isLetter || first == "_" else {
            return false
        }
        return name.utf8.allSatisfy { isPlain($0) }
    }

    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
