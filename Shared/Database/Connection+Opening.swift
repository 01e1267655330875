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
        try connection.command(settings(configuration), phase: .connect)
        return connection
    }

    private static func settings(_ configuration: DatabaseConfiguration) -> String {
        """
        set datestyle = 'ISO'; set timezone = 'UTC'; set extra_float_digits = 1; set bytea_output = 'hex';
        set client_min_messages = warning; set standard_conforming_strings = on;
        set statement_timeout = \(configuration.statementTimeout.milliseconds);
        set lock_timeout = \(configuration.lockTimeout.milliseconds);
        set idle_in_transaction_session_timeout = \(configuration.idleInTransactionTimeout.milliseconds)
        """
    }
}
