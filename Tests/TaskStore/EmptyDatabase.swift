import Contracts
import Database
import Foundation
import Foundations
import TestSupport

@testable import TaskStore

/// Lends connections to a database of its own, which is not migrated.
func withEmptyDatabase(_ body: (ConnectionPool) async throws -> Void) async throws {
    let url = Secret(try await PostgresServer.shared().createDatabase())
    let pool = ConnectionPool(DatabaseConfiguration(url: url, size: 6))
    let result: Result<Void, any Error>
    do { result = .success(try await body(pool)) } catch { result = .failure(error) }
    try await pool.close()
    try result.get()
}

extension Fixture {
    /// Takes every step that is left, of all tasks.
    func finishAll() async throws {
        for _ in 0..<3 {
            for kind in StepKind.rows.map(\.kind) {
                while let run = try await store.claim(kind, owner: owner, lease: lease) {
                    let output = kind == .validation ? evidence(run.key.workflowID) : nil
                    try await store.finish(run.claim, output: output)
                    _ = try await store.control(run.record.address, .approve)
                }
            }
        }
    }
}
