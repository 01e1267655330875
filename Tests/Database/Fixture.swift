import Database
import Foundations
import TestSupport

/// Lends a pool on a fresh database of the shared cluster and closes it afterwards.
func withPool<Value: Sendable>(
    size: Int = 2, on server: PostgresServer? = nil, configure: (inout DatabaseConfiguration) -> Void = { _ in },
    _ body: (ConnectionPool) async throws -> Value
) async throws -> Value {
    let cluster: PostgresServer
    if let server { cluster = server } else { cluster = try await .shared() }
    var configuration = DatabaseConfiguration(url: Secret(try await cluster.createDatabase()), size: size)
    configure(&configuration)
    let pool = ConnectionPool(configuration)
    let result: Result<Value, any Error>
    do { result = .success(try await body(pool)) } catch { result = .failure(error) }
    try await pool.close()
    return try result.get()
}

extension ConnectionPool {
    /// Executes one statement and returns the column `value` of its first row.
    func value<Value: SQLDecodable & Sendable>(_ sql: SQL, as type: Value.Type = Value.self) async throws -> Value? {
        try await withConnection { try $0.execute(sql).first?.get("value", as: Value.self) }
    }

    /// Executes one statement and returns the number of rows it touched.
    @discardableResult
    func run(_ sql: SQL) async throws -> Int {
        try await withConnection { try $0.execute(sql).affected }
    }
}

/// The error of the database that `body` throws.
func databaseError(_ body: () async throws -> Void) async throws -> DatabaseError? {
    do {
        try await body()
        return nil
    } catch let error as DatabaseError {
        return error
    }
}
