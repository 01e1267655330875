import FoundationEssentials
import Foundations

/// What is asked of a whole company, of the platform or of a replica, on the subject `….-.-.control`: of a company its
/// own, of the platform and its replicas `-.-.-.control`.
package struct OperationRequest: Sendable, Hashable {
    package enum Action: String, Sendable, CaseIterable {
        /// Nothing new is claimed; what runs ends its step, deliveries go on.
        case pause
        case resume
        /// A pause that a report belongs to, see ``CheckpointReached``.
        case checkpoint
        /// A report of the time since the last one; nothing pauses.
        case report
        /// The replica claims nothing new, ends what it runs, then itself.
        case drain
        /// The replica gives back what it runs and ends, to be started again.
        case restart
    }

    package var action: Action
    /// The replica that it is about, by its name; `nil` for the company or the platform.
    package var replica: String?
    /// Who asks.
    package var actor: String?

    package init(_ action: Action, replica: String? = nil, actor: String? = nil) {
        self.action = action
        self.replica = replica
        self.actor = actor
    }

    package init(decoding body: Data) throws(FieldError) {
        let fields = try FieldReader(try JSONValue(message: body))
        guard let action = try fields.optionalCase("action", of: Action.self) else {
            throw fields.error("action", "missing")
        }
        self.action = action
        actor = try fields.actor()
        replica = fields.value("replica") == nil ? nil : try fields.identifier("replica", TaskID.self).text
        switch action {
        case .drain, .restart: if replica == nil { throw fields.error("replica", "missing") }
        case .checkpoint, .report:
            if replica != nil { throw fields.error("replica", "\(action.rawValue) is not of a replica") }
        case .pause, .resume: break
        }
    }

    package var json: JSONValue {
        let fields: [String: JSONValue?] = [
            "action": .string(action.rawValue), "replica": replica.map(JSONValue.string),
            "actor": actor.map(JSONValue.string),
        ]
        return .object(fields.compactMapValues { $0 })
    }
}
