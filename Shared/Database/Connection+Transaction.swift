extension Connection {
    /// Lends itself to one piece of work and makes sure that nothing of it stays behind.
    func lend<Value>(to request: ConnectionRequest, _ body: (Connection) throws -> Value) throws -> Value {
        self.request = request
        let result = Result { try body(self) }
        request.shield()
        self.request = nil
        let leftOpen = !isLost && !isIdle
        if leftOpen { rollback() }
        let value = try result.get()
        guard !leftOpen else {
            throw DatabaseError(.transactionAborted, "a transaction was left open and was rolled back")
        }
        return value
    }

    /// Runs `body` in a transaction, which is rolled back if `body` throws.
    func transaction<Value>(
        isolation: IsolationLevel, synchronousCommit: Bool, _ body: (Connection) throws -> Value
    ) throws -> Value {
        try begin(isolation: isolation, synchronousCommit: synchronousCommit)
        let value: Value
        do {
            value = try body(self)
            try prepareCommit()
        } catch {
            rollback()
            throw error
        }
        try commit()
        return value
    }

    /// Begins a transaction, in one round trip with what it is to be set to.
    func begin(isolation: IsolationLevel = .readCommitted, synchronousCommit: Bool = true) throws(DatabaseError) {
        var begin = "begin isolation level \(isolation.rawValue)"
        if let transactionSettings { begin += "; \(transactionSettings)" }
        if !synchronousCommit { begin += "; set local synchronous_commit = off" }
        try command(begin, phase: .begin)
    }

    /// The last moment at which the work may fail or be cancelled with a known outcome.
    private func prepareCommit() throws {
        guard !isFailed else {
            throw DatabaseError(.transactionAborted, "the error of a statement was ignored", phase: .commit)
        }
        guard request?.shield() ?? true else { throw DatabaseError.cancelled }
    }

    private func commit() throws {
        do {
            guard try command("commit", phase: .commit).command == "COMMIT" else {
                throw DatabaseError(.transactionAborted, "the server rolled back", phase: .commit)
            }
        } catch let error as DatabaseError where isLost || error.code == .unavailable {
            throw DatabaseError(
                .commitOutcomeUnknown, "the connection was lost during the commit", sqlState: error.sqlState,
                phase: .commit)
        }
    }

    /// A failure needs no report: the connection is then lost or not idle, and is replaced.
    private func rollback() {
        request?.shield()
        _ = try? command("rollback", phase: .statement)
    }
}
