import Contracts
import Foundation

/// Everything that was seen of a run: what the witnesses outside the system noted, and what the record says at the end.
struct Testimony: Sendable {
    /// The tasks that the system accepted, and how each may end.
    var accepted: [AcceptedTask] = []
    /// When something was broken on purpose, in order.
    var disturbances: [Disturbance] = []
    /// What the model was asked, in order.
    var modelCalls: [ModelCall] = []
    /// What the Git remotes were told, in order.
    var refUpdates: [RefUpdate] = []
    /// What a subscriber got while it was connected, in order.
    var heard: [SeenEvent] = []
    /// Whether the bus lost what it had stored: what is published again then comes after what was new meanwhile.
    var lostStream = false
    /// What the stream holds at the end, in order.
    var stored: [SeenEvent] = []
    /// What the receiver of webhooks got, in order.
    var webhooks: [SeenWebhook] = []
    /// What the record says at the end.
    var record = RecordAtEnd()
    /// What is left of work that has ended, as lines for people.
    var leftovers: [String] = []
    /// Processes that ended although nobody ended them, as lines for people.
    var unexpectedExits: [String] = []
}

/// A task that the system confirmed.
struct AcceptedTask: Sendable, Hashable {
    var id: String
    /// The statuses it may end with.
    var expected: Set<TerminalStatus> = [.completed]
}

/// A fault, from the moment before it to the moment after it was healed.
struct Disturbance: Sendable {
    var name: String
    var start: Date
    var end: Date
}

/// A request to the model.
struct ModelCall: Sendable {
    /// Names the request: the same body has the same hash.
    var hash: String
    var begin: Date
    /// When the answer left; `nil` if it never did.
    var end: Date?
    /// Whether the answer was one that a client can use.
    var isUsable = true
}

/// A line of a remote's post-receive hook.
struct RefUpdate: Sendable {
    static let none = String(repeating: "0", count: 40)

    var old: String
    var new: String
    var ref: String
}

/// A copy of an event.
struct SeenEvent: Sendable {
    /// `Nats-Msg-Id`.
    var messageID: String?
    var eventID: String
    var task: String
    var seq: Int
    /// The last token of the subject.
    var type: String
    /// The bytes as text.
    var payload: String
    /// Of an event about a child: its key and its status.
    var key: String?
    var status: String?
}

/// A request to the receiver of webhooks.
struct SeenWebhook: Sendable {
    /// `webhook-id`.
    var id: String
    var task: String
    var status: String
    /// The bytes as text.
    var body: String
    var isVerified: Bool
}
