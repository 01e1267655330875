import Database
import Messaging
import Synchronization

struct BusCheck: HealthCheck {
    let name = "bus"
    let bus: any MessageBus

    func check() async throws {
        guard bus.isConnected else { throw BusError(.disconnected, "not connected") }
    }
}

struct DatabaseCheck: HealthCheck {
    let name = "database"
    let pool: ConnectionPool

    func check() async throws { try await pool.ping() }
}

/// What a service has yet to open before others may send it requests: its subscriptions.
package final class Openings: HealthCheck {
    package let name = "start"
    private let awaited = Mutex<Set<String>>([])

    package init() {}

    /// Notes that the service is not ready before `part` was opened.
    package func expect(_ part: String) { awaited.withLock { _ = $0.insert(part) } }

    /// Notes that `part` is open.
    package func opened(_ part: String) { awaited.withLock { _ = $0.remove(part) } }

    package func check() throws {
        let missing = awaited.withLock { $0.sorted() }
        guard missing.isEmpty else { throw NotOpen(parts: missing) }
    }

    private struct NotOpen: Error { let parts: [String] }
}

extension ServiceContext {
    /// What every service needs to be ready.
    package var healthChecks: [any HealthCheck] { [BusCheck(bus: bus), DatabaseCheck(pool: pool), openings] }
}
