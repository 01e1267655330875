/// What waits in the record.
package struct Backlog: Sendable, Hashable {
    /// The open runs of a stage in one state: `held`, `ready` or `leased`.
    package struct Runs: Sendable, Hashable {
        package let stage: String
        package let state: String
        package let count: Int
        /// How long the oldest ready one has been due, in seconds; zero in other states.
        package let oldest: Double
    }

    /// A number of messages, and how long the oldest has waited, in seconds.
    package struct Messages: Sendable, Hashable {
        package let count: Int
        package let oldest: Double
    }

    package let runs: [Runs]
    /// Not known to be published.
    package let outbox: Messages
    /// Still being tried. The oldest is the one that has been due longest and that nobody delivers.
    package let webhooks: Messages
}
