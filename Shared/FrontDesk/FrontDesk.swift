import Contracts

/// Answers what clients ask of the platform. It knows no transport: a door reads who asks for what, and carries the
/// answer. Any replica answers for any task: what counts is in the record.
package struct FrontDesk: Sendable {
    private let desks: [any Desk]
    private let outlet: any FrontDeskOutlet

    package init(_ desks: [any Desk], outlet: any FrontDeskOutlet) {
        self.desks = desks
        self.outlet = outlet
    }

    /// What can be asked here.
    package var types: [RequestType] { desks.map(\.type) }

    /// The answer to a request: whatever happens, there is one.
    package func answer(_ type: RequestType, _ message: ClientMessage) async -> Reply {
        guard let desk = desks.first(where: { $0.type == type }) else {
            return .error(code: "invalid_request", message: "nobody answers \(type.rawValue) here")
        }
        do {
            guard let address = message.address else { throw SubmissionRefusal.invalidSubject }
            return try await desk.answer(message, about: address)
        } catch let refusal as SubmissionRefusal {
            return .error(code: refusal.code, message: refusal.description, retryAfter: refusal.retryAfter)
        } catch let error as FieldError {
            return .error(code: "invalid_request", message: error.description)
        } catch {
            outlet.note(.failed(error))
            return .error(code: "unavailable", message: "the request could not be handled now, try again")
        }
    }
}
