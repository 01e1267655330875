/// What people ask of a running conversation.
package protocol ControlSignals: Sendable {
    /// The state right now. It is asked before each model turn and each tool call that is really taken (not before
    /// replayed ones). Who wants the conversation to stop or to pause cancels its task.
    func check() async throws -> ControlState
    /// What the conversation may cost in all, in US dollars, where that can change while it goes on; `nil` leaves it at
    /// the limit that the conversation began with.
    var maxCostUSD: Double? { get }
}

extension ControlSignals {
    package var maxCostUSD: Double? { nil }
}

/// The wishes of people at one moment.
package struct ControlState: Sendable, Hashable {
    /// Every message that people sent to this task since it began, oldest first. The list only grows; the conversation
    /// remembers how many it has passed on.
    package var steering: [String]

    package init(steering: [String] = []) { self.steering = steering }
}

/// Nobody asks for anything.
package struct NoSignals: ControlSignals {
    package init() {}
    package func check() async throws -> ControlState { ControlState() }
}
