/// A lock that the application gives its meaning, identified in the whole database by a number.
package struct AdvisoryLock: Sendable, Hashable {
    /// How long a lock is held.
    package enum Scope: Sendable {
        /// Until the end of the transaction.
        case transaction
        /// Until ``Connection/unlock(_:)``, at the latest until the closure ends that was lent the connection. There is
        /// none behind a pooler.
        case session
    }

    package let key: Int64

    package init(key: Int64) { self.key = key }
}

extension Connection {
    /// Waits for the lock, at most `lock_timeout`.
    package func lock(_ lock: AdvisoryLock, scope: AdvisoryLock.Scope = .transaction) throws {
        switch scope {
        case .transaction: try execute("select pg_advisory_xact_lock(\(lock.key))")
        case .session:
            try holdSessionLocks()
            try execute("select pg_advisory_lock(\(lock.key))")
        }
    }

    /// Takes the lock if it is free. Returns whether it was.
    package func tryLock(_ lock: AdvisoryLock, scope: AdvisoryLock.Scope = .transaction) throws -> Bool {
        let rows: Rows
        switch scope {
        case .transaction: rows = try execute("select pg_try_advisory_xact_lock(\(lock.key)) as taken")
        case .session:
            try holdSessionLocks()
            rows = try execute("select pg_try_advisory_lock(\(lock.key)) as taken")
        }
        return try rows.first?.get("taken") ?? false
    }

    private func holdSessionLocks() throws {
        guard !isPooled else { throw DatabaseError(.other, "a lock of a session does not hold behind a pooler") }
        holdsSessionLocks = true
    }

    /// Gives back a lock of session scope. Returns whether it was held.
    @discardableResult
    package func unlock(_ lock: AdvisoryLock) throws -> Bool {
        try execute("select pg_advisory_unlock(\(lock.key)) as held").first?.get("held") ?? false
    }
}
