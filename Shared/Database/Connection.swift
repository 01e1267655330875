import CPostgres
import FoundationEssentials
import Foundations
import Glibc
import Logging

/// One connection to the server, lent to a closure by ``ConnectionPool``.
///
/// It belongs to one thread and blocks it. It must not leave the closure.
package final class Connection {
    private let raw: OpaquePointer
    /// Cancels what this connection executes, from another thread.
    let canceller: Canceller
    private let notices: NoticeLog
    private var statements = StatementCache()
    /// The work the connection is lent to.
    var job: Job?
    /// Whether locks were taken that outlive the transaction, see ``lock(_:scope:)``.
    var holdsSessionLocks = false

    /// Takes over an open connection.
    init(owning raw: OpaquePointer, logger: Logger) throws(DatabaseError) {
        self.raw = raw
        notices = NoticeLog(logger: logger)
        guard let canceller = Canceller(raw) else {
            PQfinish(raw)
            throw DatabaseError(.unavailable, "the connection was lost", phase: .connect)
        }
        self.canceller = canceller
        notices.attach(to: raw)
    }

    deinit { PQfinish(raw) }

    /// Executes one statement with its values bound. The statement is prepared once per connection.
    @discardableResult
    package func execute(_ sql: SQL) throws -> Rows {
        do {
            return try executePrepared(sql)
        } catch let error as DatabaseError where error.isStaleStatement && isIdle {
            return try executePrepared(sql)
        }
    }

    /// Executes a text of any number of statements without parameters, in one implicit transaction unless the text
    /// says otherwise. For scripts that ship with the program: nothing from outside may be part of `script`.
    package func execute(script: String) throws {
        try checkCancellation()
        try command(script, phase: .statement)
    }

    /// Whether the connection is known to be lost.
    var isLost: Bool { PQstatus(raw) != CONNECTION_OK || notices.announcedEnd }
    /// Whether no transaction is open.
    var isIdle: Bool { PQtransactionStatus(raw) == PQTRANS_IDLE }
    /// Whether a statement failed in the open transaction.
    var isFailed: Bool { PQtransactionStatus(raw) == PQTRANS_INERROR }

    /// Whether the server has not hung up meanwhile. Costs one system call.
    func isAlive() -> Bool {
        guard !isLost, isIdle else { return false }
        var descriptor = pollfd(fd: PQsocket(raw), events: Int16(POLLIN), revents: 0)
        while !isLost, poll(&descriptor, 1, 0) > 0 {
            PQconsumeInput(raw)
            _ = PQisBusy(raw)  // reads the messages: the server may have said that it hangs up
        }
        return !isLost
    }

    /// Executes a text without parameters in one round trip.
    @discardableResult
    func command(_ text: String, phase: DatabaseError.Phase) throws(DatabaseError) -> QueryResult {
        guard !text.utf8.contains(0) else { throw DatabaseError(.invalidParameter, "the script holds a NUL character") }
        return try check(PQexec(raw, text), phase: phase)
    }
}

extension Connection {
    private func executePrepared(_ sql: SQL) throws -> Rows {
        try checkCancellation()
        let buffer = try ParameterBuffer(sql.parameters)
        let key = StatementCache.Key(text: sql.text, types: sql.parameters.map(\.type.rawValue))
        let name = try statements.name(of: key) ?? prepare(key)
        let result = buffer.withPointers { values in
            PQexecPrepared(raw, name, Int32(values.count), values, buffer.lengths, buffer.formats, 0)
        }
        do {
            return Rows(try check(result, phase: .statement))
        } catch {
            if error.isStaleStatement { forget(key) }
            throw error
        }
    }

    private func prepare(_ key: StatementCache.Key) throws -> String {
        guard !key.text.utf8.contains(0) else {
            throw DatabaseError(.invalidParameter, "the statement holds a NUL character")
        }
        let name = statements.newName()
        try check(PQprepare(raw, name, key.text, Int32(key.types.count), key.types), phase: .statement)
        if let evicted = statements.insert(name, for: key) { try command("deallocate \(evicted)", phase: .statement) }
        return name
    }

    private func forget(_ key: StatementCache.Key) {
        guard let name = statements.remove(key), isIdle else { return }
        _ = try? command("deallocate \(name)", phase: .statement)
    }

    private var isCancelled: Bool { job?.isCancelled ?? false }

    private func checkCancellation() throws {
        if isCancelled { throw DatabaseError.cancelled }
    }

    @discardableResult
    private func check(_ raw: OpaquePointer?, phase: DatabaseError.Phase) throws(DatabaseError) -> QueryResult {
        guard let raw else { throw DatabaseError(.unavailable, "libpq has no memory or no connection", phase: phase) }
        let result = QueryResult(raw)
        guard let error = result.error(phase: phase) else { return result }
        throw error.sqlState == "57014" && isCancelled ? DatabaseError.cancelled : error
    }
}
