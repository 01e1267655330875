import Foundations

/// Names of tools as history may hold them: `[a-zA-Z0-9_-]{1,64}`. A model's slip is in every later request, and a
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
        let last = plain.split(separator: ".").last.map(String.init) ?? ""
        if tools.contains(last) || plain.hasPrefix("functions.") && isTaken(last) { return last }
        let safe = String(
            decoding: plain.trimmed.utf8.prefix(longest).map { isPlain($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        return safe.isEmpty ? "unknown_tool" : safe
    }

    static func isTaken(_ name: String) -> Bool {
        (1...longest).contains(name.utf8.count) && name.utf8.allSatisfy { isPlain($0) }
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
