import Contracts
import Database

/// What kind of thing an activity tells of.
package enum ActivityType: String, Sendable, SQLEncodable, SQLDecodable {
    case progress
    case functionCall = "function_call"
    case mcpCall = "mcp_call"
    case error

    /// The kind of an event.
    init(_ event: EventType) {
        switch event {
        case .implementationStep: self = .functionCall
        case .workflowFailed, .taskRejected: self = .error
        default: self = .progress
        }
    }
}
