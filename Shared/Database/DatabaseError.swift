import Foundations

/// What went wrong with the database. It never holds a password or the value of a parameter.
package struct DatabaseError: Retriable, Sendable, Hashable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    package enum Code: String, Sendable {
        case uniqueViolation, foreignKeyViolation, checkViolation
        /// The transaction lost against a concurrent one (40001).
        case serialization
        case deadlock
        /// No connection, or it was lost, or its server takes no writes (any more); if it was lost during a statement
        /// outside a transaction, the statement may have taken effect.
        case unavailable
        /// The prepared statement does not fit any more ("cached plan must not change result type", or it does not
        /// exist): a table was changed meanwhile. Nothing was executed; once prepared anew it succeeds.
        case staleStatement
        /// The awaiting task was cancelled.
        case cancelled
        /// `statement_timeout`, `lock_timeout` or `idle_in_transaction_session_timeout`.
        case timeout
        /// The connection was lost while the server was committing: look before doing the work again.
        case commitOutcomeUnknown
        /// A column is missing or does not hold the wanted type.
        case decoding
        /// A parameter has no form in SQL.
        case invalidParameter
        /// The transaction was left failed or open and was rolled back.
        case transactionAborted
        /// The pool is closed.
        case closed
        case other
    }

    /// The part of the work that failed.
    package enum Phase: String, Sendable {
        case connect, begin, statement, commit
    }

    package let code: Code
    /// The five characters of SQLSTATE, if the server gave them.
    package let sqlState: String?
    /// The server's primary message without quoted values, or the library's.
    package let message: String
    /// The constraint that was violated.
    package let constraint: String?
    package internal(set) var phase: Phase

    init(
        _ code: Code, _ message: String, sqlState: String? = nil, constraint: String? = nil, phase: Phase = .statement
    ) {
        self.code = code
        self.message = message
        self.sqlState = sqlState
        self.constraint = constraint
        self.phase = phase
    }

    /// Whether the same work can succeed if it is done again. An unknown commit is not: look first.
    package var isRetriable: Bool {
        switch code {
        case .serialization, .deadlock, .unavailable, .staleStatement, .timeout: true
        default: false
        }
    }

    /// Whether a transaction that ended so certainly had no effect and is worth running again at once.
    var permitsRerun: Bool {
        switch code {
        case .serialization, .deadlock, .staleStatement: true
        case .unavailable: phase == .begin || sqlState == Self.readOnly
        default: false
        }
    }

    package var description: String {
        "database \(phase.rawValue): \(code.rawValue)\(sqlState.map { " [\($0)]" } ?? ""): \(message)"
    }

    static let cancelled = DatabaseError(.cancelled, "the awaiting task was cancelled")
}
