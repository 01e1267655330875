import Foundations
import Logging

/// How to reach the database and how its connections behave.
package struct DatabaseConfiguration: Sendable {
    /// A connection URI (`postgres://user:password@host:port/database`) or a keyword/value string of libpq.
    package var url: Secret
    /// The number of connections, each with a thread of its own; at least 1.
    package var size: Int
    /// Shown in `pg_stat_activity`.
    package var applicationName: String
    package var logger: Logger
    /// How long a statement may run.
    package var statementTimeout: Duration = .seconds(30)
    /// How long a statement may wait for a lock.
    package var lockTimeout: Duration = .seconds(10)
    /// How long a transaction may rest between two statements.
    package var idleInTransactionTimeout: Duration = .seconds(30)
    /// How long work waits for a server that cannot be reached.
    package var acquireTimeout: Duration = .seconds(10)
    /// The waits between attempts to connect: short, as leases run on while a server starts again.
    package var reconnectBackoff = Backoff(base: .milliseconds(50), cap: .milliseconds(500))
    /// The waits between attempts of a transaction that lost against another.
    package var retryBackoff = Backoff(base: .milliseconds(5), cap: .milliseconds(250))
    /// How often a transaction that lost against another is attempted again.
    package var transactionRetries = 5

    package init(
        url: Secret, size: Int = 4, applicationName: String = "automata",
        logger: Logger = Logger(label: "database")
    ) {
        self.url = url
        self.size = max(1, size)
        self.applicationName = applicationName
        self.logger = logger
    }
}
