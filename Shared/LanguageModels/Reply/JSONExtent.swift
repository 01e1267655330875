/// Follows JSON text byte by byte, to find where its values end; whether it is JSON is for a parser to say.
struct JSONExtent {
    private var depth = 0
    private var isInText = false
    private var isEscaped = false
    private var hasValue = false

    /// Whether the bytes so far end with, or after, a whole object, list or text.
    var isComplete: Bool { hasValue && depth == 0 && !isInText }

    mutating func take(_ byte: UInt8) {
        guard !isInText else { return takeInText(byte) }
        switch byte {
        case UInt8(ascii: "\""): isInText = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            hasValue = hasValue || depth == 1
            depth = max(0, depth - 1)
        default: break
        }
    }

    private mutating func takeInText(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInText = false
            hasValue = hasValue || depth == 0
        }
    }
}
