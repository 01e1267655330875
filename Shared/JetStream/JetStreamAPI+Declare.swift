import Foundations
import Messaging

extension JetStreamAPI {
    /// Creates the stream, or changes it where it differs. What is not declared here stays as it is.
    func declare(_ stream: StreamDeclaration) async throws {
        let wanted = stream.configuration
        if try await update(stream.name, wanted) { return }
        do {
            _ = try await call("STREAM.CREATE.\(stream.name)", .object(wanted))
        } catch {
            // Someone else may have created it in between.
            guard try await update(stream.name, wanted) else { throw error }
        }
    }

    /// Creates the durable consumer, or changes it where it differs. One that is mute is made anew: as nothing came
    /// from it, nothing is lost with it.
    func declare(_ consumer: ConsumerDeclaration, on stream: String) async throws {
        let path = "\(stream).\(consumer.durable)"
        let existing = try await find("CONSUMER.INFO.\(path)")?["config"]?.objectValue ?? [:]
        var merged = existing.merging(consumer.configuration) { _, wanted in wanted }
        // Where a consumer begins is settled when it is created.
        if let policy = existing["deliver_policy"] { merged["deliver_policy"] = policy }
        if merged != existing { try await create(path, on: stream, merged) }
        guard try await isMute(consumer.durable, of: stream) else { return }
        _ = try await find("CONSUMER.DELETE.\(path)")
        try await create(path, on: stream, merged)
    }

    func create(_ path: String, on stream: String, _ configuration: [String: JSONValue]) async throws {
        let body: JSONValue = ["stream_name": .string(stream), "config": .object(configuration)]
        _ = try await call("CONSUMER.DURABLE.CREATE.\(path)", body)
    }

    /// Returns whether the stream exists; it is then as wanted.
    private func update(_ name: String, _ wanted: [String: JSONValue]) async throws -> Bool {
        guard let existing = try await find("STREAM.INFO.\(name)")?["config"]?.objectValue else { return false }
        let merged = existing.merging(wanted) { _, wanted in wanted }
        if merged != existing { _ = try await call("STREAM.UPDATE.\(name)", .object(merged)) }
        return true
    }
}

extension StreamDeclaration {
    /// The server's form of the declaration; durations are in nanoseconds.
    fileprivate var configuration: [String: JSONValue] {
        [
            "name": .string(name), "subjects": .array(subjects.map { .string($0) }),
            "retention": "limits", "storage": "file", "discard": "old",
            "max_age": .int(maxAge.nanoseconds), "duplicate_window": .int(duplicateWindow.nanoseconds),
            "num_replicas": .int(replicas), "max_msg_size": .int(maxMessageSize),
            "max_msgs": -1, "max_bytes": -1, "max_consumers": -1, "max_msgs_per_subject": -1,
        ]
    }
}

extension ConsumerDeclaration {
    /// The server's form of the declaration; durations are in nanoseconds.
    var configuration: [String: JSONValue] {
        [
            "durable_name": .string(durable), "filter_subject": .string(filterSubject),
            "ack_policy": "explicit", "deliver_policy": "all", "replay_policy": "instant",
            "ack_wait": .int(ackWait.nanoseconds), "max_ack_pending": .int(maxAckPending), "max_deliver": -1,
        ]
    }
}

extension Duration {
    /// The duration in whole nanoseconds.
    var nanoseconds: Int { Int((seconds * 1e9).rounded()) }
}
