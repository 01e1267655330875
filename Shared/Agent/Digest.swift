import LanguageModels

/// FNV-1a with 64 bits: tells steps apart, is no protection against anyone.
struct Digest: Sendable, Hashable {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ text: String) {
        for byte in text.utf8 { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        state = (state ^ 0xff) &* 0x0000_0100_0000_01b3
    }

    mutating func add(_ message: ChatMessage) {
        add(message.role.rawValue)
        add(message.content ?? "")
        add(message.toolCallID ?? "")
        for call in message.toolCalls { add(call) }
    }

    mutating func add(_ call: ToolCall) {
        add(call.id)
        add(call.name)
        add(call.arguments)
    }

    /// 16 hexadecimal digits.
    var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    static func of(_ texts: String...) -> String {
        var digest = Digest()
        for text in texts { digest.add(text) }
        return digest.text
    }
}
