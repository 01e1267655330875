import ScriptedModelServer
import TestSupport

/// What a platform is made of.
package struct PlatformSettings: Sendable {
    /// What the scripted model plays.
    package var roles: [Role]
    /// The services that are started with it.
    package var kinds: [ServiceKind] = ServiceKind.allCases
    /// How many replicas of each service, 1 or more. Each has a home of its own.
    package var replicas = 1
    /// Settings that differ from the usual ones of these tests.
    package var environment: [String: String] = [:]
    /// A bus of the test's own; `nil` starts one.
    package var nats: NATSServer?
    /// A database of the test's own; `nil` takes one of the shared cluster.
    package var databaseURL: String?
    /// How long the model thinks before each answer, in milliseconds.
    package var modelLatencyMilliseconds = 0

    package init(roles: [Role], environment: [String: String] = [:]) {
        self.roles = roles
        self.environment = environment
    }
}
