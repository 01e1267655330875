import Contracts
import Foundations
import Messaging

/// Where commands of clients are carried out: the front door of the platform.
package protocol FrontDoorClient: Sendable {
    /// What it answers. Throws a ``Problem`` with its own words where it refuses.
    func ask(_ type: RequestType, _ address: TaskAddress, _ body: JSONValue) async throws -> [String: JSONValue]
}

/// The front door by way of the bus.
struct BusFrontDoor: FrontDoorClient {
    private static let timeLimit: Duration = .seconds(15)

    let bus: any MessageBus
    let subjects: SubjectScheme

    func ask(_ type: RequestType, _ address: TaskAddress, _ body: JSONValue) async throws -> [String: JSONValue] {
        let message = BusMessage(subject: subjects.subject(address, type), payload: try body.data())
        let answer: BusMessage
        do {
            answer = try await bus.request(message, timeout: Self.timeLimit)
        } catch let error as BusError where error.code == .payloadTooLarge {
            throw Problem.tooLarge(TaskRequest.maximumBytes)
        } catch is BusError {
            throw Problem.unavailable("no planner answers")
        }
        switch try Reply(decoding: answer.payload) {
        case .ok(let fields): return fields
        case .error(let code, let message, let wait): throw Problem(code: code, message: message, retryAfter: wait)
        }
    }
}
