import Contracts
import Database
import FoundationEssentials

extension TaskStore {
    /// Records that a model did not answer a call. A crash of the database may lose it.
    ///
    /// - Parameters:
    ///   - model: The name that it was asked by.
    ///   - code: What kind of failure it was, such as `model_rate_limited`.
    package func noteModelFailure(of model: String, code: String, error: String) async throws {
        guard !model.isEmpty else { return }
        try await pool.transaction(synchronousCommit: false) { connection in
            _ = try connection.execute(
                """
                insert into model_failures (model, code, error)
                values (\(model.modelName), \(code), \(error.storable.clipped(300)))
                """)
        }
    }

    /// Removes what models failed at before `time`. Returns how many. Call it until it returns less than `limit`.
    package func pruneModelFailures(before time: Date, limit: Int = 5000) async throws -> Int {
        try await pool.transaction { connection in
            try connection.execute(
                """
                delete from model_failures where id = any (array(
                    select id from model_failures where at < \(time) order by at limit \(limit)))
                """
            ).affected
        }
    }
}
