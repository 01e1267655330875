import FoundationEssentials
import Foundations

/// The raw bytes of a reply, as many as are worth keeping: its beginning, and the end of what was received.
struct ReplyRecord {
    /// The bytes that are kept of each end.
    private static let limit = 32 << 10
    /// What is cut off where bytes are missing, so that no part of a secret is left there.
    private static let margin = 1 << 10

    private var head = Data()
    private var tail = Data()
    private var count = 0

    mutating func add(_ bytes: Data) {
        count += bytes.count
        let room = Self.limit - head.count
        head.append(bytes.prefix(room))
        tail.append(bytes.dropFirst(room))
        if tail.count > 2 * Self.limit { tail = Data(tail.suffix(Self.limit)) }
    }

    /// The bytes of the beginning.
    var beginning: Data { head }

    /// What was received, without secrets, and with a note where bytes are left out.
    func text(_ redactor: Redactor) -> String {
        guard count > head.count + tail.count || tail.count > Self.limit else {
            return redactor.redact(String(decoding: head + tail, as: UTF8.self))
        }
        let (first, last) = (text(head, redactor), text(tail.suffix(Self.limit), redactor))
        return first.prefix(bytes: first.utf8.count - Self.margin)
            + "\n… \(count - 2 * (Self.limit - Self.margin)) bytes …\n"
            + last.suffix(bytes: last.utf8.count - Self.margin)
    }

    private func text(_ bytes: Data, _ redactor: Redactor) -> String {
        redactor.redact(String(decoding: bytes, as: UTF8.self))
    }
}

/// A reply that could not be understood, for inspection.
package struct UnreadableReply: Sendable {
    /// The model that was asked.
    package let model: String
    /// What is wrong with it.
    package let reason: String
    /// What was received, at most about 64 KiB and without the key.
    package let text: String

    package init(model: String, reason: String, text: String) {
        self.model = model
        self.reason = reason
        self.text = text
    }
}
