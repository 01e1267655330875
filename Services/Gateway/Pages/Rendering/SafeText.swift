import Mustache

/// How values are written into templates: so that they are text there, in an element and in a quoted attribute.
///
/// The escape of the template library compares characters, and a character can be more than its mark: `"` with a combining
/// accent, or `<` behind a prefixed mark, is another one and passes. A browser reads code points.
struct SafeText: MustacheContentType {
    static let name = "SAFE"

    func escapeText(_ text: String) -> String { Self.escape(text) }

    static func escape(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(where: { replacement(of: $0) != nil }) else { return String(text) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + 32)
        for byte in text.utf8 {
            if let replacement = replacement(of: byte) {
                bytes.append(contentsOf: replacement.utf8)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func replacement(of byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        case UInt8(ascii: "`"): "&#96;"
        case 0: "\u{FFFD}"
        default: nil
        }
    }
}
