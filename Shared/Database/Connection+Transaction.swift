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
        let value: Value
        do {
            try begin(isolation: isolation, synchronousCommit: synchronousCommit)
            value = try body(self)
            try prepareCommit()
        } catch {
            rollback()
            throw error
        }
        try commit()
        return value
    }

    /// Begins a transaction: with its first statement, or at once where the session is not our own.
    func begin(isolation: IsolationLevel = .readCommitted, synchronousCommit: Bool = true) throws(DatabaseError) {
        var commands = ["begin isolation level \(isolation.rawValue)"]
        if let transactionSettings { commands.append(transactionSettings) }
        if !synchronousCommit { commands.append("set local synchronous_commit = off") }
        beginning = .waiting(commands)
        if isPooled { try beginNow() }
    }

    /// The last moment at which the work may fail or be cancelled with a known outcome.
    private func prepareCommit() throws {
        if case .failed(let error) = beginning { throw error }
        guard !isFailed else {
            throw DatabaseError(.transactionAborted, "the error of a statement was ignored", phase: .commit)
        }
        guard request?.shield() ?? true else { throw DatabaseError.cancelled }
    }

    private func commit() throws {
        // Nothing was done.
        guard try takeBeginning().isEmpty else { return }
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
        beginning = .none
        if !isIdle { _ = try? command("rollback", phase: .statement) }
    }
}
