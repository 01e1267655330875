import Foundations
import Messaging

extension JetStreamAPI {
    /// How often a stream is looked at again after a change, and when: by then whoever read it before has written.
    private static let looks = 20
    private static let pause = Duration.milliseconds(100)

    /// Creates the stream, or changes it where it differs; its subjects are added to those that the stream has. What is
    /// not declared here stays as it is.
    ///
    /// The server takes the configuration as a whole, whatever it has become since it was read: of two that add at once
    /// one can undo what the other did. So who changed something looks again a moment later, until nothing is missing.
    func declare(_ stream: StreamDeclaration) async throws {
        guard try await !isDone(stream) else { return }
        for _ in 1...Self.looks {
            try await Task.sleep(for: Self.pause * Double.random(in: 0.5...1))
            let existing = try await find("STREAM.INFO.\(stream.name)")?["config"]?.subjects ?? []
            if Subject.union(existing, stream.subjects) == existing { return }
            if try await isDone(stream) { return }
        }
        throw BusError(.other, "others keep changing the stream", isRetriable: true)
    }

    /// Whether the stream is as wanted, or was created so. Else it was changed.
    private func isDone(_ stream: StreamDeclaration) async throws -> Bool {
        guard let existing = try await find("STREAM.INFO.\(stream.name)")?["config"] else {
            return try await create(stream)
        }
        let merged = stream.configuration(over: existing)
        if merged == existing.objectValue { return true }
        _ = try await call("STREAM.UPDATE.\(stream.name)", .object(merged))
        return false
    }

    /// Whether this was who created it: nobody else can have read it before.
    private func create(_ stream: StreamDeclaration) async throws -> Bool {
        do {
            _ = try await call("STREAM.CREATE.\(stream.name)", .object(stream.configuration))
            return true
        } catch {
            // Someone else may have created it in between.
            guard try await find("STREAM.INFO.\(stream.name)") != nil else { throw error }
            return try await isDone(stream)
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
}

extension JSONValue {
    /// The subjects of a stream's configuration.
    var subjects: [String] { self["subjects"]?.arrayValue?.compactMap(\.stringValue) ?? [] }
}

extension StreamDeclaration {
    /// The declaration in the place of what the server has, but for subjects and fields that only the server has.
    fileprivate func configuration(over existing: JSONValue) -> [String: JSONValue] {
        var merged = (existing.objectValue ?? [:]).merging(configuration) { _, wanted in wanted }
        merged["subjects"] = .array(Subject.union(existing.subjects, subjects).map { .string($0) })
        return merged
    }

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
