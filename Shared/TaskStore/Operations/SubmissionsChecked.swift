import Database

extension TaskStore {
    /// The sequence up to which every submission that the stream holds is known to be recorded; `nil` if nothing is known
    /// of the stream yet.
    package func submissionsChecked(in stream: String) async throws -> UInt64? {
        try await pool.withConnection { connection in
            let rows = try connection.execute("select submissions_checked from broker_state where stream = \(stream)")
            return try rows.first.map { UInt64(clamping: try $0.get("submissions_checked", as: Int64.self)) }
        }
    }

    /// Moves the place from where it was found. Does nothing if someone else has moved it since.
    package func moveSubmissionsChecked(in stream: String, from old: UInt64, to new: UInt64) async throws {
        try await pool.withConnection { connection in
            _ = try connection.execute(
                """
                update broker_state set submissions_checked = \(Int64(clamping: new))
                where stream = \(stream) and submissions_checked = \(Int64(clamping: old))
                """)
        }
    }

    /// Has submissions behind `sequence` checked again, as the stream may hold others there now.
    package func recheckSubmissions(in stream: String, after sequence: UInt64) async throws {
        try await pool.withConnection { connection in
            _ = try connection.execute(
                """
                update broker_state set submissions_checked = \(Int64(clamping: sequence))
                where stream = \(stream) and submissions_checked > \(Int64(clamping: sequence))
                """)
        }
    }
}
