import Contracts
import FoundationEssentials
import Foundations
import Git
import ServiceKit
import TaskStore
import Worker

/// The mirror of a task's repository on this host, filled over the bus and from the record, without credentials.
package struct TaskMirror: Sendable {
    package let mirror: Mirror
    private let context: StageContext
    private let packs: PackClient

    package init(_ context: StageContext, _ mirrors: MirrorStore) async throws {
        self.context = context
        let request = context.request
        let remote = try RemoteURL(
            request.repository.remoteURL, allowLocal: context.service.settings.allowsLocalRemotes)
        mirror = try await mirrors.mirror(company: request.task.address.company, remote: remote)
        packs = PackClient(bus: context.service.bus, subjects: context.service.settings.subjects)
    }

    /// Makes the commit that the work goes on from available: the last checkpoint, else the base. Returns it.
    package func restore() async throws -> ObjectID {
        try await Self.addCheckpoints(of: context, after: try await ensureBase(), to: mirror)
    }

    /// Adds the recorded checkpoints of a task to a mirror that holds its base commit. Returns the last, else the base.
    package static func addCheckpoints(
        of context: StageContext, after base: ObjectID, to mirror: Mirror
    ) async throws -> ObjectID {
        let (store, workflow) = (context.service.store, context.record.workflowID)
        return try await add(context.run.history.checkpoints, after: base, to: mirror) {
            try await store.pack(of: $0, in: workflow)
        }
    }

    /// Adds checkpoints, in order, to a mirror that holds what the first builds on. Returns the last, else the base.
    ///
    /// `pack` is asked for what comes after the newest that is here, for one at a time.
    package static func add(
        _ chain: [StoredCheckpoint], after base: ObjectID, to mirror: Mirror,
        pack: (StoredCheckpoint) async throws -> Data
    ) async throws -> ObjectID {
        var missing: [(checkpoint: StoredCheckpoint, commit: ObjectID)] = []
        for checkpoint in chain.reversed() {
            let commit = try objectID(checkpoint.commit)
            if try await mirror.contains(commit) { break }
            missing.append((checkpoint, commit))
        }
        for (checkpoint, commit) in missing.reversed() {
            try await mirror.add(pack: try await pack(checkpoint), head: commit)
        }
        return try chain.last.map { try objectID($0.commit) } ?? base
    }

    /// The base commit, fetched from a planner if this host has never seen it.
    package func ensureBase() async throws -> ObjectID {
        guard let text = context.record.baseCommit else {
            throw StageFailure(.internalError, "the record names no base commit")
        }
        let base = try Self.objectID(text)
        if try await !mirror.contains(base) {
            let have = try await mirror.knownCommits().map(\.text)
            let pack = try await packs.fetch(context.record.address, want: base.text, have: have)
            try await mirror.add(pack: pack, head: base)
        }
        return base
    }

    /// What the repository says of itself at the base commit.
    package func project() async throws -> ProjectSettings {
        try await ProjectSettings(at: try await ensureBase(), in: mirror)
    }

    private static func objectID(_ text: String) throws -> ObjectID {
        guard let id = ObjectID(text) else { throw StageFailure(.internalError, "the record holds a malformed commit") }
        return id
    }
}
