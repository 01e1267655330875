import Foundations
import Glibc
import Logging

/// One thread with one connection, which it opens when there is work and replaces when it is lost.
final class ConnectionThread {
    private let queue: ConnectionRequestQueue
    private let slot: ConnectionRequestQueue.Slot
    private let configuration: DatabaseConfiguration
    private var connection: Connection?

    private init(
        queue: ConnectionRequestQueue, slot: ConnectionRequestQueue.Slot, configuration: DatabaseConfiguration
    ) {
        self.queue = queue
        self.slot = slot
        self.configuration = configuration
    }

    /// Starts the thread of `slot`, which ends when the queue is closed and empty.
    static func start(
        queue: ConnectionRequestQueue, slot: ConnectionRequestQueue.Slot, configuration: DatabaseConfiguration
    ) {
        BlockingExecutor.start("database") {
            ConnectionThread(queue: queue, slot: slot, configuration: configuration).run()
        }
    }

    private func run() {
        while let request = slot.next() {
            let settle = serve(request)
            queue.served(slot)
            settle()
        }
        connection = nil
        queue.threadEnded()
    }

    /// Returns what tells the outcome to whoever waits for it: what that asks for next is to find this thread free.
    private func serve(_ request: ConnectionRequest) -> () -> Void {
        do {
            let connection = try readyConnection(for: request)
            guard let handler = request.begin(connection.canceller) else { return {} }
            let settle = handler.run(connection)
            request.finish()
            let isFit = !connection.isLost && connection.isIdle && !connection.isSpent
            if !isFit { self.connection = nil }
            return settle
        } catch {
            return { request.fail(error) }
        }
    }

    /// The open connection, or a new one; attempts end at the request's deadline.
    private func readyConnection(for request: ConnectionRequest) throws(DatabaseError) -> Connection {
        if let connection, connection.isAlive() { return connection }
        connection = nil
        var attempt = 0
        while true {
            do {
                let opened = try Connection.open(configuration)
                connection = opened
                return opened
            } catch {
                let delay = configuration.reconnectBackoff.delay(attempt: attempt)
                let isLast = ContinuousClock.now + delay > request.deadline || request.isCancelled || queue.isClosed
                guard error.isRetriable, !isLast else { throw error }
                configuration.logger.debug("Postgres cannot be reached", metadata: ["error": "\(error)"])
                usleep(useconds_t(min(delay.seconds, 1000) * 1e6))
                attempt += 1
            }
        }
    }
}
