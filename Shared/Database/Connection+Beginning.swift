import CPostgres

// A transaction begins with its first statement, in one round trip: libpq's pipeline mode.
extension Connection {
    /// How far a transaction is begun.
    enum Beginning {
        /// There is none, or the server has begun it.
        case none
        /// What it begins with goes to the server with the first statement.
        case waiting([String])
        /// Nothing may be done in it: outside of a transaction it would stay.
        case failed(DatabaseError)
    }

    /// What is still to be sent to begin the transaction. Throws if that failed before.
    func takeBeginning() throws(DatabaseError) -> [String] {
        switch beginning {
        case .none: return []
        case .failed(let error): throw error
        case .waiting(let commands):
            beginning = .none
            return commands
        }
    }

    /// Begins the transaction in a round trip of its own, if there is one to begin.
    func beginNow() throws(DatabaseError) {
        let commands = try takeBeginning()
        guard !commands.isEmpty else { return }
        do {
            try command(commands.joined(separator: "; "), phase: .begin)
        } catch {
            beginning = .failed(error)
            throw error
        }
    }

    /// Begins the transaction by `commands` and sends the first statement with them. Returns what that gave; a failure of
    /// a command is thrown, and the statement was not executed then.
    func begin(by commands: [String], with send: () -> Int32) throws(DatabaseError) -> QueryResult? {
        var results = roundTrip(commands, send)
        let last = results.popLast()
        do {
            for result in results { try check(result, phase: .begin) }
        } catch {
            beginning = .failed(error)
            throw error
        }
        return last ?? nil
    }

    /// Sends the commands and a statement at once. Returns what each of them gave: nothing where the connection was lost.
    private func roundTrip(_ commands: [String], _ send: () -> Int32) -> [QueryResult?] {
        let isSent =
            PQenterPipelineMode(raw) == 1
            && commands.allSatisfy { PQsendQueryParams(raw, $0, 0, nil, nil, nil, nil, 0) == 1 }
            && send() == 1 && PQpipelineSync(raw) == 1
        let results = (0...commands.count).map { _ in isSent ? nextResult() : nil }
        // The point at which the pipeline ends has one, too.
        if isSent { _ = nextResult() }
        let isOver = PQexitPipelineMode(raw) == 1
        if !isSent || !isOver { isSpent = true }
        return results
    }

    /// What the next command of a pipeline gave, all of which is read. A copy has no end, so that the connection stays in
    /// the pipeline and is replaced.
    private func nextResult() -> QueryResult? {
        let result = QueryResult.owning(PQgetResult(raw))
        while let result, !result.isCopy, let more = PQgetResult(raw) { PQclear(more) }
        return result
    }
}
