import Database
import FoundationEssentials
import Foundations

/// An effect of a stage run: about to happen (`result` is `nil`), or done.
package struct JournalEntry: Sendable, Hashable {
    /// The entry's place in its run.
    package let step: Int
    package let kind: JournalKind
    package let name: String
    /// Identifies the request; a replay that computes another one must not take the result.
    package let requestHash: String
    /// `nil` while the outcome is not known.
    package let result: JSONValue?
    /// The epoch of the owner that wrote it.
    package let epoch: Int
    package let startedAt: Date
    package let finishedAt: Date?

    package var isDone: Bool { finishedAt != nil }

    static let columns: SQL = "step, kind, name, request_hash, result, epoch, started_at, finished_at"

    init(_ row: Row) throws {
        step = try row.get("step")
        kind = try row.get("kind")
        name = try row.get("name")
        requestHash = try row.get("request_hash")
        result = try row.get("result")
        epoch = try row.get("epoch")
        startedAt = try row.get("started_at")
        finishedAt = try row.get("finished_at")
    }
}
