import Contracts
import Foundations
import JetStream
import Logging
import ScriptedModelServer
import TestSupport

/// What a platform is made of.
package struct PlatformSettings: Sendable {
    /// What the scripted model plays.
    package var roles: [Role]
    /// The rules by which it refuses.
    package var refusals: [Refusal] = []
    /// The services that are started with it: those without which no task ends, where a test says nothing else.
    package var kinds: [ServiceKind] = ServiceKind.allCases.filter { $0 != .gateway }
    /// How many replicas of each service, 1 or more. Each has a home of its own.
    package var replicas = 1
    /// Settings that differ from the usual ones of these tests.
    package var environment: [String: String] = [:]
    /// A bus of the test's own; `nil` starts one.
    package var nats: NATSServer?
    /// How the test logs in to the bus; `nil` where anybody may.
    package var login: BusLogin?
    /// How each service does; like the test where it is not named.
    package var logins: [ServiceKind: BusLogin] = [:]
    /// A database of the test's own; `nil` takes one of the shared cluster.
    package var databaseURL: String?
    /// How long the model thinks before each answer, in milliseconds.
    package var modelLatencyMilliseconds = 0

    package init(roles: [Role], environment: [String: String] = [:]) {
        self.roles = roles
        self.environment = environment
    }
}

/// A login to a bus that asks for one.
package struct BusLogin: Sendable {
    package let url: String
    package let inboxPrefix: String

    package init(url: String, inboxPrefix: String) {
        self.url = url
        self.inboxPrefix = inboxPrefix
    }

    /// The settings by which a service or the tool logs in.
    package var environment: [String: String] { ["NATS_URL": url, "NATS_INBOX_PREFIX": inboxPrefix] }

    /// A connection of the test's own.
    package func connect() async throws -> JetStreamBus {
        let bus = JetStreamBus(
            JetStreamConfiguration(
                url: Secret(url), name: "tests", inboxPrefix: inboxPrefix,
                logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }))
        try await bus.connect()
        return bus
    }
}
