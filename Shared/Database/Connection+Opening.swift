import CPostgres
import Foundations
import Logging

extension Connection {
    /// Connects and sets what every connection of this system is set to.
    static func open(_ configuration: DatabaseConfiguration) throws(DatabaseError) -> Connection {
        let target = try ConnectionString(configuration.url)
        guard let raw = target.connect(applicationName: configuration.applicationName) else {
            throw DatabaseError(.unavailable, "libpq has no memory", phase: .connect)
        }
        if PQstatus(raw) != CONNECTION_OK, let failure = target.failure(of: raw) {
            PQfinish(raw)
            throw failure
        }
        let connection = try Connection(owning: raw, logger: configuration.logger)
        let settings = settings(configuration)
        if try connection.isAnsweredByPooler() {
            configuration.logger.debug("a pooler stands before Postgres: statements are not kept prepared")
            connection.transactionSettings = settings.map { "set local \($0)" }.joined(separator: "; ")
        } else {
            try connection.command(settings.map { "set \($0)" }.joined(separator: "; "), phase: .connect)
        }
        return connection
    }

    /// Whether the process that answers is another than the one that was announced: then the session may be another in
    /// the next transaction, and nothing can be left in it.
    private func isAnsweredByPooler() throws(DatabaseError) -> Bool {
        let answer = try command("select pg_backend_pid()", phase: .connect)
        return answer.text(row: 0, column: 0) != String(announcedProcess)
    }

    private static func settings(_ configuration: DatabaseConfiguration) -> [String] {
        [
            "datestyle = 'ISO'", "timezone = 'UTC'", "extra_float_digits = 1", "bytea_output = 'hex'",
            "client_min_messages = warning", "standard_conforming_strings = on",
            // Statements look at few rows: compiling one takes longer than all that it does.
            "jit = off",
            // An index that holds the order of a page is read in that order, whatever lies where on the disk.
            "random_page_cost = 1.1",
            "statement_timeout = \(configuration.statementTimeout.milliseconds)",
            "lock_timeout = \(configuration.lockTimeout.milliseconds)",
            "idle_in_transaction_session_timeout = \(configuration.idleInTransactionTimeout.milliseconds)",
        ]
    }
}
