import Foundations

/// The ids of tool calls as a provider takes them. The same id gives the same one in every request of a conversation.
package struct WireIDs: Sendable {
    /// Which ids a provider takes.
    package enum Form: Sendable {
        /// Up to 40 printable characters.
        case lenient
        /// `[a-zA-Z0-9_-]{1,40}`
        case strict
        /// `[a-zA-Z0-9]{9}`
        case nine
    }

    private var changed: [String: String] = [:]

    /// For all calls of `messages`.
    init(_ messages: [ChatMessage], form: Form) {
        let ids = messages.flatMap { $0.toolCalls.map(\.id) + [$0.toolCallID].compactMap(\.self) }
        var taken = Set(ids.filter(form.takes))
        for id in ids where !form.takes(id) && changed[id] == nil {
            var number = 0
            var made = form.made(from: id, number)
            while !taken.insert(made).inserted {
                number += 1
                made = form.made(from: id, number)
            }
            changed[id] = made
        }
    }

    /// `id` as it is sent.
    subscript(_ id: String) -> String { changed[id] ?? id }
}

extension WireIDs.Form {
    func takes(_ id: String) -> Bool {
        switch self {
        case .lenient: (1...40).contains(id.utf8.count) && id.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        case .strict: (1...40).contains(id.utf8.count) && id.utf8.allSatisfy { WireNames.isPlain($0) }
        case .nine: id.utf8.count == 9 && id.utf8.allSatisfy { WireNames.isPlain($0) && $0 != 0x5F && $0 != 0x2D }
        }
    }

    /// An id that is taken, made from one that is not. FNV-1a: the same on every host and in every version.
    fileprivate func made(from id: String, _ number: Int) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(number):\(id)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 36)
        let padded = String(repeating: "0", count: 13 - digits.count) + digits
        return self == .nine ? String(padded.suffix(9)) : "call_" + padded
    }
}
