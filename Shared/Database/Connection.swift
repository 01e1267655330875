import CPostgres
import FoundationEssentials
import Foundations
import Glibc
import Logging

/// One connection to the server, lent to a closure by ``ConnectionPool``.
///
/// It belongs to one thread and blocks it. It must not leave the closure.
package final class Connection {
    let raw: OpaquePointer
    /// Cancels what this connection executes, from another thread.
    let canceller: Canceller
    private let notices: NoticeLog
    private var statements = StatementCache()
    /// The work the connection is lent to.
    var request: ConnectionRequest?
    /// What each transaction begins with behind a pooler, which gives every one of them another session of the server;
    /// `nil` where the session is our own.
    var transactionSettings: String?
    /// Whether it no longer fits its server and is to be replaced: the server takes no writes any more, or a table was
    /// changed under the prepared statements.
    var isSpent = false
    /// How far the transaction is begun that the work is done in.
    var beginning = Beginning.none

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

    /// Executes one statement with its values bound. The statement is prepared once per connection; behind a pooler,
    /// where the next one may meet another session, each time.
    @discardableResult
    package func execute(_ sql: SQL) throws -> Rows {
        if isPooled { return isIdle ? try executeInTransaction(sql) : try executeUnprepared(sql) }
        do {
            return try executePrepared(sql)
        } catch let error as DatabaseError where error.code == .staleStatement && isIdle {
            return try executePrepared(sql)
        }
    }

    /// Executes a text of any number of statements without parameters, in one implicit transaction unless the text
    /// says otherwise. For scripts that ship with the program: nothing from outside may be part of `script`.
    package func execute(script: String) throws {
        try checkCancellation()
        try beginNow()
        try command(script, phase: .statement)
    }

    /// What the server keeps of a role's password (SCRAM-SHA-256), made here: the password itself reaches neither the
    /// server nor its log.
    package func verifier(of password: Secret, for role: String) throws -> String {
        guard let verifier = PQencryptPasswordConn(raw, password.reveal(), role, "scram-sha-256") else {
            throw DatabaseError(.other, "the password cannot be hashed")
        }
        defer { PQfreemem(verifier) }
        return String(cString: verifier)
    }

    /// Whether a pooler stands between this program and the server.
    var isPooled: Bool { transactionSettings != nil }
    /// The process of the server as it was told at the start. A pooler makes it up.
    var announcedProcess: Int32 { PQbackendPID(raw) }
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
    /// A transaction of one statement, so that the settings hold for it.
    private func executeInTransaction(_ sql: SQL) throws -> Rows {
        try checkCancellation()
        let rows: Rows
        do {
            try begin()
            rows = try executeUnprepared(sql)
        } catch {
            beginning = .none
            _ = try? command("rollback", phase: .statement)
            throw error
        }
        try command("commit", phase: .statement)
        return rows
    }

    private func executeUnprepared(_ sql: SQL) throws -> Rows {
        try checkCancellation()
        let buffer = try ParameterBuffer(sql.parameters)
        let text = try Self.checked(sql.text)
        let types = sql.parameters.map(\.type.rawValue)
        let result = buffer.withPointers { values in
            PQexecParams(raw, text, Int32(values.count), types, values, buffer.lengths, buffer.formats, 0)
        }
        return Rows(try check(result, phase: .statement))
    }

    private func executePrepared(_ sql: SQL) throws -> Rows {
        try checkCancellation()
        let buffer = try ParameterBuffer(sql.parameters)
        let key = StatementCache.Key(text: try Self.checked(sql.text), types: sql.parameters.map(\.type.rawValue))
        let known = statements.name(of: key)
        if known == nil { try beginNow() }
        let beginning = try takeBeginning()
        let name = try known ?? prepare(key)
        let result = try buffer.withPointers { values -> QueryResult? in
            let count = Int32(values.count)
            guard !beginning.isEmpty else {
                return QueryResult.owning(
                    PQexecPrepared(raw, name, count, values, buffer.lengths, buffer.formats, 0))
            }
            return try begin(by: beginning) {
                PQsendQueryPrepared(raw, name, count, values, buffer.lengths, buffer.formats, 0)
            }
        }
        do {
            return Rows(try check(result, phase: .statement))
        } catch {
            if error.code == .staleStatement { forget(key) }
            throw error
        }
    }

    private func prepare(_ key: StatementCache.Key) throws -> String {
        let name = statements.newName()
        try check(PQprepare(raw, name, key.text, Int32(key.types.count), key.types), phase: .statement)
        if let evicted = statements.insert(name, for: key) { try command("deallocate \(evicted)", phase: .statement) }
        return name
    }

    private static func checked(_ text: String) throws -> String {
        guard !text.utf8.contains(0) else {
            throw DatabaseError(.invalidParameter, "the statement holds a NUL character")
        }
        return text
    }

    private func forget(_ key: StatementCache.Key) {
        guard let name = statements.remove(key), isIdle else { return }
        _ = try? command("deallocate \(name)", phase: .statement)
    }

    private var isCancelled: Bool { request?.isCancelled ?? false }

    private func checkCancellation() throws {
        if isCancelled { throw DatabaseError.cancelled }
    }

    @discardableResult
    private func check(_ raw: OpaquePointer?, phase: DatabaseError.Phase) throws(DatabaseError) -> QueryResult {
        try check(QueryResult.owning(raw), phase: phase)
    }

    /// The result, if it is one of success.
    @discardableResult
    func check(_ result: QueryResult?, phase: DatabaseError.Phase) throws(DatabaseError) -> QueryResult {
        guard let result else {
            throw DatabaseError(.unavailable, "libpq has no memory or no connection", phase: phase)
        }
        guard let error = result.error(phase: phase) else { return result }
        isSpent = isSpent || error.sqlState == DatabaseError.readOnly || (error.code == .staleStatement && !isIdle)
        throw error.sqlState == "57014" && isCancelled ? DatabaseError.cancelled : error
    }
}
