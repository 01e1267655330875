/// A lock that the application gives its meaning, identified in the whole database by a number.
package struct AdvisoryLock: Sendable, Hashable {
    package let key: Int64

    package init(key: Int64) { self.key = key }
}

extension Connection {
    /// Waits for the lock, at most `lock_timeout`, and holds it until the end of the transaction.
    package func lock(_ lock: AdvisoryLock) throws {
        try execute("select pg_advisory_xact_lock(\(lock.key))")
    }
}
