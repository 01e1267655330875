import Database
import FoundationEssentials

extension TaskStore {
    /// Messages that were not published within `age`, in their order, for the relay: those of a workflow are a prefix
    /// of its unpublished ones.
    package func unpublished(olderThan age: Duration, limit: Int = 256) async throws -> [OutboxMessage] {
        try await pool.withConnection { connection in
            try connection.execute(
                """
                select \(OutboxMessage.columns) from outbox
                where published_at is null and created_at < clock_timestamp() - \(age)
                order by id limit \(limit)
                """
            ).map(OutboxMessage.init)
        }
    }

    /// Every unpublished message of some workflows, in their order.
    package func unpublished(of workflows: [UUID]) async throws -> [OutboxMessage] {
        try await pool.withConnection { connection in
            try connection.execute(
                """
                select \(OutboxMessage.columns) from outbox
                where workflow_id = any (\(workflows)) and published_at is null order by id
                """
            ).map(OutboxMessage.init)
        }
    }

    /// Notes that the stream holds messages. A crash of the database may lose it: they are then published again, with
    /// the same ids.
    ///
    /// A sequence that another message had before proves that the broker put an older store back: that message and those
    /// after it are published again. Those among them that it does hold are told apart by their ids.
    package func markPublished(_ published: [PublishedMessage]) async throws {
        guard !published.isEmpty else { return }
        let ids = published.map(\.id)
        // 0 stands for an unknown place; sequences count from 1.
        let sequences = published.map { Int64(clamping: $0.streamSequence ?? 0) }
        try await pool.transaction(synchronousCommit: false) { connection in
            let taken = try connection.execute(
                """
                with marked as (
                    update outbox o set published_at = now(), stream_sequence = nullif(given.sequence, 0)
                    from unnest(\(ids), \(sequences)) as given (id, sequence) where o.id = given.id
                )
                select min(o.stream_sequence) as first from outbox o
                where o.stream_sequence = any (\(sequences)) and o.id <> all (\(ids))
                """)
            guard let first = try taken.first?.get("first", as: Int64?.self) else { return }
            try connection.execute(
                """
                update outbox set \(Self.lost) where id = any (array(
                    select id from outbox where stream_sequence >= \(first) and id <> all (\(ids))
                    order by stream_sequence limit \(Self.lostAtOnce)))
                """)
        }
    }

    /// Takes marks back of messages that the stream may have lost before they were marked: they are published again.
    package func markUnpublished(_ published: [PublishedMessage]) async throws {
        try await pool.withConnection { connection in
            _ = try connection.execute(
                "update outbox set \(Self.lost) where id = any (\(published.map(\.id)))")
        }
    }

    /// Notes that the stream holds a message of somebody else at `sequence`. One of ours that had this place was lost
    /// when the broker put an older store back: it is published again.
    package func displace(sequence: UInt64) async throws {
        try await pool.withConnection { connection in
            _ = try connection.execute(
                "update outbox set \(Self.lost) where stream_sequence = \(Int64(clamping: sequence))")
        }
    }

    /// How many messages are published again because of one. Comparing the whole stream with the record finds the rest.
    private static let lostAtOnce = 5000

    /// The last place of a message of ours in the stream, as it was noted at least `age` ago; `nil` if there is none.
    package func streamAnchor(atMost sequence: UInt64 = .max, olderThan age: Duration) async throws -> StreamAnchor? {
        try await pool.withConnection { connection in
            try connection.execute(
                """
                select stream_sequence, event_id from outbox
                where stream_sequence <= \(Int64(clamping: sequence)) and published_at < clock_timestamp() - \(age)
                order by stream_sequence desc limit 1
                """
            ).first.map { row in
                StreamAnchor(
                    sequence: UInt64(try row.get("stream_sequence", as: Int64.self)), eventID: try row.get("event_id"))
            }
        }
    }

    /// What is known of the stream.
    package func brokerState(of stream: String) async throws -> BrokerState {
        try await pool.withConnection { connection in
            let rows = try connection.execute(
                """
                select (select created_at from broker_state where stream = \(stream)) as created_at,
                    coalesce((select max(stream_sequence) from outbox), 0) as highest
                """)
            return BrokerState(
                streamCreatedAt: try rows.first?.get("created_at", as: Date?.self) ?? nil,
                highestSequence: try rows.first?.get("highest") ?? 0)
        }
    }

    /// A message that the stream lost counts as written now: later ones that the stream holds do not tell that it holds
    /// this one too.
    private static let lost: SQL = "published_at = null, stream_sequence = null, created_at = clock_timestamp()"

    /// Notes when the stream was created. It is another one, so nothing of it is checked.
    package func recordBroker(stream: String, createdAt: Date) async throws {
        try await pool.withConnection { connection in
            _ = try connection.execute(
                """
                insert into broker_state (stream, created_at) values (\(stream), \(createdAt))
                on conflict (stream) do update set created_at = excluded.created_at, seen_at = now(),
                    submissions_checked = 0
                """)
        }
    }

    /// Marks messages as unpublished that the broker has lost: those with a sequence beyond `sequence`, or with an
    /// unknown one, that were published before `time`. Returns how many. Call it until it returns less than `limit`.
    ///
    /// The lowest sequences come first, so that the loss can still be seen if this is interrupted.
    package func resetPublished(after sequence: UInt64, before time: Date, limit: Int = lostAtOnce) async throws -> Int
    {
        let sequence = Int64(clamping: sequence)
        return try await pool.transaction { connection in
            try connection.execute(
                """
                update outbox set \(Self.lost) where id = any (array(
                    select id from (
                        select id from outbox where stream_sequence > \(sequence) and published_at < \(time)
                        order by stream_sequence limit \(limit) for update skip locked
                    ) placed
                    union all select id from (
                        select id from outbox where stream_sequence is null and published_at < \(time)
                        order by id limit \(limit) for update skip locked
                    ) unplaced
                    limit \(limit)))
                """
            ).affected
        }
    }
}
