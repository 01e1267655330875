import Contracts
import Cryptography
import FoundationEssentials
import Foundations

/// What a client names a request by that it may send again (the header `Idempotency-Key`, an Internet-Draft of the HTTP
/// API group).
///
/// A task's id follows from it, and a task of the same id and content is one and the same: so it holds at every gateway
/// and for ever, and nothing has to be kept for it.
struct IdempotencyKey: Sendable, Hashable {
    static let header = "idempotency-key"

    private let text: String

    /// `nil` where the call has none.
    init?(_ call: Call) throws(Problem) {
        guard let value = call.headers[Self.header] else { return nil }
        // The draft has it in quotes; many clients leave them away.
        let text = value.hasPrefix("\"") && value.hasSuffix("\"") ? String(value.dropFirst().dropLast()) : value
        guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw .malformed("Idempotency-Key: expected 1…255 printable characters")
        }
        self.text = text
    }

    /// The id of the task that it stands for.
    func task(in place: ProjectAddress) -> TaskID {
        let name = "\(place.company)/\(place.project)/\(text)"
        return TaskID(validated: "key-\(ContentHash.sha256(Data(name.utf8)).prefix(32))")
    }
}
