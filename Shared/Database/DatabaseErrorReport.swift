import CPostgres

extension DatabaseError {
    /// Reads the error that a result reports.
    ///
    /// Only the primary message is taken: DETAIL and CONTEXT quote the values of rows and parameters.
    init(report result: OpaquePointer, phase: Phase) {
        func field(_ code: Int32) -> String? { PQresultErrorField(result, code).map { String(cString: $0) } }
        guard let state = field(cpostgres_diag_sqlstate) else {
            self.init(.unavailable, "the connection was lost", phase: phase)
            return
        }
        let message = field(cpostgres_diag_message) ?? "no message"
        // "cached plan must not change result type" shares its code with whatever is not supported, and is translated.
        let isStale = state == "0A000" && field(cpostgres_diag_routine) == "RevalidateCachedQuery"
        self.init(
            isStale ? .staleStatement : Self.code(state), state.hasPrefix("22") ? Self.withoutValues(message) : message,
            sqlState: state,
            constraint: field(cpostgres_diag_constraint), phase: phase)
    }

    /// The kind of failure behind a SQLSTATE (appendix A of the PostgreSQL manual).
    static func code(_ state: String) -> Code {
        switch state {
        case "23505", "23P01": .uniqueViolation
        case "23503": .foreignKeyViolation
        case "23514": .checkViolation
        case "40001": .serialization
        case "40P01": .deadlock
        case "26000": .staleStatement
        case "57014", "55P03", "25P03", "25P04": .timeout
        case readOnly, "57P01", "57P02", "57P03", "57P04", "57P05": .unavailable
        // Connection, resources, and the server's own files.
        default: ["08", "53", "58"].contains(state.prefix(2)) ? .unavailable : .other
        }
    }

    /// The server takes no writes: it is a standby, or a failover made it one.
    static let readOnly = "25006"

    /// Messages of class 22 (data exception) quote the value at fault: `invalid input syntax for type uuid: "…"`.
    static func withoutValues(_ message: String) -> String {
        guard let first = message.firstIndex(of: "\""), let last = message.lastIndex(of: "\""), first < last else {
            return message
        }
        return message[..<first] + "\"…\"" + message[message.index(after: last)...]
    }
}
