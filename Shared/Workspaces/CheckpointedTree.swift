import Contracts
import FoundationEssentials
import Foundations
import Git
import Logging
import Synchronization

/// A work tree that is kept: each checkpoint is a commit in the mirror, on top of the one before, with its thin pack.
package final class CheckpointedTree: Sendable {
    private struct State {
        var head: ObjectID
        /// What file tools wrote since the last checkpoint. From then on it is in the tree like any other file, on
        /// whatever host the work goes on.
        var written: Set<String> = []
        /// What the model was told of, which it need not be told with every call.
        var told: Set<SkippedFile> = []
        /// What it was asked about at the end.
        var asked: Set<String> = []
        /// What the packs of the task's checkpoints take, in bytes.
        var stored: Int
    }

    /// Its absolute path on this host.
    package let directory: String
    private let workTree: WorkTree
    private let mirror: Mirror
    private let limits: CheckpointLimits
    private let logger: Logger
    private let state: Mutex<State>

    /// - Parameters:
    ///   - head: The commit that the work tree begins with.
    ///   - stored: What the packs of the task's checkpoints take already, in bytes.
    package init(
        _ workTree: WorkTree, _ mirror: Mirror, head: ObjectID, stored: Int, limits: CheckpointLimits = .init(),
        logger: Logger
    ) {
        directory = workTree.directory
        self.workTree = workTree
        self.mirror = mirror
        self.limits = limits
        self.logger = logger
        state = Mutex(State(head: head, stored: stored))
    }

    /// The commit of the last checkpoint, or the one that the work tree began with.
    package var current: ObjectID { state.withLock { $0.head } }

    /// Keeps the tree as it is now; without a checkpoint where it has not changed since the last. The notes are what
    /// whoever works in it has to know, a line each. Throws ``CheckpointRefusal`` where that has to mend it first.
    ///
    /// - Parameters:
    ///   - written: What is kept even where `.gitignore` covers it, relative to the root.
    ///   - asks: Whether to ask, by a refusal, what is to become of what would be left out.
    package func checkpoint(
        label: String, written: [String], asks: Bool
    ) async throws -> (checkpoint: Checkpoint?, notes: [String]) {
        let (parent, kept) = state.withLock { state in
            state.written.formUnion(written)
            return (state.head, state.written)
        }
        let snapshot = try await snapshot(parent, label, kept)
        if asks { try ask(about: snapshot) }
        let notes = notes(on: snapshot)
        guard let commit = snapshot.commit else {
            state.withLock { $0.written = [] }
            return (nil, notes)
        }
        let pack = try await mirror.pack(want: commit, have: [parent])
        try state.withLock { state in
            try limits.admit(pack.count, after: state.stored)
            state.stored += pack.count
            (state.head, state.written) = (commit, [])
        }
        return (Checkpoint(commit: commit.text, tree: snapshot.tree.text, base: parent.text, pack: pack), notes)
    }

    private func snapshot(_ parent: ObjectID, _ label: String, _ written: Set<String>) async throws -> Snapshot {
        do {
            return try await workTree.snapshot(
                parent: parent, message: "checkpoint: \(label)", date: Date(), keeping: written,
                limits: SnapshotLimits(maxNewBytes: limits.newBytes))
        } catch let error as GitError where error.code == .tooLarge {
            throw CheckpointRefusal(
                "The work tree is too large to be kept: \(error.message). \(CheckpointLimits.advice)")
        } catch let error as GitError where error.code == .unreadable {
            throw CheckpointRefusal(
                "The work tree cannot be kept: \(error.message). Make it readable, remove it, or end what is still at "
                    + "work there; until then no change is kept.")
        }
    }

    /// Throws the question what is to become of what is left out; each thing is asked about once.
    private func ask(about snapshot: Snapshot) throws {
        let large = snapshot.skipped.filter { $0.reason == .largeFileStorage }.map(\.path)
        let new = state.withLock { state in
            // Where that is all there is, the work would be lost.
            let ignored = snapshot.commit == nil && state.stored == 0 ? snapshot.ignored : []
            let left = ignored + snapshot.leftovers + large
            defer { state.asked.formUnion(left) }
            return left.filter { !state.asked.contains($0) }
        }
        guard !new.isEmpty else { return }
        let names = new.prefix(30).joined(separator: ", ") + (new.count > 30 ? " and \(new.count - 30) more" : "")
        throw CheckpointRefusal(
            """
            Not finished yet: commands left what will not be part of the change, as .gitignore covers it or it looks like \
            leftovers of tools: \(names). If some of it is meant, call finish again with these paths in `include`; else \
            just call finish again, it is left out.
            """
                + (large.isEmpty
                    ? ""
                    : " Of \(large.prefix(30).joined(separator: ", ")) the content would go into the "
                        + "repository itself: Git LFS, which keeps such files, cannot be reached from here."))
    }

    /// What the model would not expect, once each.
    private func notes(on snapshot: Snapshot) -> [String] {
        let forced = snapshot.forced.map {
            "note: .gitignore covers \($0). It is part of the work all the same, because a tool named it."
        }
        let new = state.withLock { state in
            defer { state.told.formUnion(snapshot.skipped) }
            return snapshot.skipped.filter { !state.told.contains($0) }
        }
        guard !new.isEmpty else { return forced }
        let names = new.prefix(10).map { "\($0.path) (\($0.reason.sentence))" }.joined(separator: ", ")
        let more = new.count > 10 ? " and \(new.count - 10) more" : ""
        logger.warning("files are not part of the work", metadata: ["count": "\(new.count)", "files": "\(names)"])
        return forced + ["note: not part of the work: \(names)\(more)."]
    }
}

extension SkippedFile.Reason {
    fileprivate var sentence: String {
        switch self {
        case .tooLarge: "larger than \(SnapshotLimits().maxFileBytes >> 20) MB"
        case .specialFile: "neither a file, a folder nor a link"
        case .forbiddenName: "a name that git refuses"
        case .tooDeep: "too many folders within each other"
        case .submodule: "a submodule: what is in it belongs to another repository"
        case .largeFileStorage: "kept in Git LFS, where nothing can be put from here: it stays as it was"
        }
    }
}
