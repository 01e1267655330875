import Foundations
import Glibc
import Logging

/// One thread with one connection, which it opens when there is work and replaces when it is lost.
final class Worker {
    private let queue: JobQueue
    private let configuration: DatabaseConfiguration
    private var connection: Connection?

    private init(queue: JobQueue, configuration: DatabaseConfiguration) {
        self.queue = queue
        self.configuration = configuration
    }

    /// Starts a thread that ends when the queue is closed and empty.
    static func start(queue: JobQueue, configuration: DatabaseConfiguration) {
        BlockingExecutor.start("database") { Worker(queue: queue, configuration: configuration).run() }
    }

    private func run() {
        while let job = queue.next() {
            serve(job)
            queue.served()
        }
        connection = nil
        queue.workerEnded()
    }

    private func serve(_ job: Job) {
        do {
            let connection = try readyConnection(for: job)
            guard let work = job.begin(connection.canceller) else { return }
            work.run(connection)
            job.finish()
            let isFit = !connection.isLost && connection.isIdle && !connection.isSpent
            if !isFit { self.connection = nil }
        } catch {
            job.fail(error)
        }
    }

    /// The open connection, or a new one; attempts end at the job's deadline.
    private func readyConnection(for job: Job) throws(DatabaseError) -> Connection {
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
                let isLast = ContinuousClock.now + delay > job.deadline || job.isCancelled || queue.isClosed
                guard error.isRetriable, !isLast else { throw error }
                configuration.logger.debug("Postgres cannot be reached", metadata: ["error": "\(error)"])
                usleep(useconds_t(min(delay.seconds, 1000) * 1e6))
                attempt += 1
            }
        }
    }
}
