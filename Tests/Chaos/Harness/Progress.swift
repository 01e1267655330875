import Contracts
import Database
import Foundations
import JetStream
import Messaging
import PlatformSupport

/// How far everything is, read from the record.
struct Progress: Sendable, Equatable {
    /// Those that are nobody's children.
    var tasks = 0
    var unfinished = 0
    /// Grows with every event, step and attempt.
    var work = 0
    /// What is still to be done after the tasks have ended; a stream that lost messages is one such thing.
    var unsettled = 0

    static func read(_ platform: Platform) async throws -> Progress {
        let row = try await platform.rows(query).first ?? [:]
        func number(_ name: String) -> Int { row[name]?.intValue ?? 0 }
        let stream = try await platform.bus.streamState(StreamNames.events)
        let isComplete = Int(clamping: stream?.lastSequence ?? 0) >= number("highest")
        return Progress(
            tasks: number("tasks"), unfinished: number("unfinished"), work: number("work"),
            unsettled: number("unsettled") + (isComplete ? 0 : 1))
    }

    private static let query: SQL = """
        select (select count(*) from tasks where parent is null) as tasks,
            (select count(*) from tasks where finished_at is null) as unfinished,
            (select coalesce(sum(last_seq), 0)::bigint from tasks) + (select count(*) from journal)
                + (select count(*) from webhook_attempts) as work,
            (select coalesce(max(stream_sequence), 0) from outbox) as highest,
            (select count(*) from outbox where published_at is null)
                + (select count(*) from stage_runs where kind = 'webhook' and state = 'ready')
                + (select count(*) from stage_runs where state = 'leased')
                + (select count(*) from notices) as unsettled
        """
}
