import CPostgres
import Foundations

/// A checked connection URI or keyword/value string.
///
/// libpq quotes the string in its complaints, and a password with an unescaped `/`, `:` or `@` ends up in the port or
/// the host, which are quoted too. So a string that looks wrong is refused here, without being repeated.
struct ConnectionString {
    private let text: String
    private let redactor: Redactor

    init(_ url: Secret) throws(DatabaseError) {
        let invalid = DatabaseError(.other, "the URL of the database is not valid", phase: .connect)
        text = url.reveal()
        guard !text.isEmpty, !text.utf8.contains(0), let options = PQconninfoParse(text, nil) else { throw invalid }
        defer { PQconninfoFree(options) }
        let fields = Self.fields(options)
        guard fields["port", default: ""].allSatisfy({ $0.isNumber || $0 == "," }),
            !fields["host", default: ""].contains("@")
        else { throw invalid }
        redactor = Redactor(["password", "sslpassword"].compactMap { fields[$0] }.map { Secret($0) })
    }

    private static func fields(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var fields: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { fields[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return fields
    }

    /// Blocks until the server answered or `connect_timeout` is over. The caller owns what is returned.
    ///
    /// What stands before `dbname` is a default that the string may override.
    func connect(applicationName: String) -> OpaquePointer? {
        let settings: [(String, String)] = [
            ("connect_timeout", "5"),
            ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "20000"),
            // Of several hosts the one that takes writes, and after a failover no longer the one that did.
            ("target_session_attrs", "read-write"),
            ("dbname", text),
            ("client_encoding", "UTF8"), ("application_name", applicationName),
        ]
        let keywords = CStrings(settings.map(\.0))
        let values = CStrings(settings.map(\.1))
        return withExtendedLifetime((keywords, values)) { PQconnectdbParams(keywords.pointers, values.pointers, 1) }
    }

    /// Why the connection could not be opened, without the password.
    ///
    /// libpq gives the SQLSTATE of a refusal only within a verbose message, which takes another attempt; without one
    /// a wrong password could not be told from a server that is starting.
    func failure(of connection: OpaquePointer) -> DatabaseError? {
        PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
        PQreset(connection)
        guard PQstatus(connection) != CONNECTION_OK else {
            PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
            return nil
        }
        let lines = String(cString: PQerrorMessage(connection)).split(whereSeparator: \.isNewline)
        let message = redactor.redact(lines.filter { !$0.hasPrefix("LOCATION") }.joined(separator: " "))
        let state = message.matches(of: #/:  ([0-9A-Z]{5}):/#).last.map { String($0.output.1) }
        return DatabaseError(state.map(DatabaseError.code) ?? .unavailable, message, sqlState: state, phase: .connect)
    }
}
