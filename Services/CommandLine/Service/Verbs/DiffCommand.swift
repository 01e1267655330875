import ArgumentParser
import Contracts
import Foundation
import Foundations
import Git
import StageKit
import TaskStore

/// `automata diff`
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Prints what a task has changed, as a patch for `git apply`.",
        discussion: """
            Also of a task that failed, or was not to be pushed: its work is kept for RETENTION_DAYS. What was pushed \
            is on the remote. Needs DATABASE_URL, and for the commit that the task began with a running planner and, on \
            a bus with users, the services' login: that of `automata up` it finds by itself.
            """)

    @OptionGroup var options: ClientOptions
    @OptionGroup var reference: TaskReference
    @Flag(name: .long, help: "Print JSON: commits, changed files and the patch.") var json = false

    func run() async throws {
        let address = try reference.address()
        try await reporting {
            let source = try await options.source()
            let (_, store) = try Record.open(source)
            guard let record = try await store.workflow(address) else {
                throw Failure("there is no such task", Exit.notFound)
            }
            let work = try await Work(store, record)
            try show(try await work.diff(with: try await Client.connect(source, asService: true), record), work)
        }
    }

    private func show(_ diff: DiffSummary, _ work: Work) throws {
        guard json else { return FileHandle.standardOutput.write(Data(diff.patch.utf8)) }
        let files = diff.files.map { file -> JSONValue in
            [
                "path": .string(file.path), "status": .string(file.status.rawValue),
                "insertions": .int(file.insertions), "deletions": .int(file.deletions),
            ]
        }
        try Output.json([
            "base_commit": .string(work.base.text), "head_commit": .string(work.head.text), "files": .array(files),
            "patch": .string(diff.patch),
        ])
    }
}

/// The recorded work of a task.
private struct Work {
    let base: ObjectID
    let head: ObjectID
    private let store: TaskStore
    private let chain: [StoredCheckpoint]

    /// Throws a ``Failure`` that says where the work is, if the record does not hold it.
    init(_ store: TaskStore, _ record: WorkflowRecord) async throws {
        self.store = store
        chain = try await store.checkpointChain(of: record.workflowID)
        guard let base = record.baseCommit.flatMap({ ObjectID($0) }),
            let head = chain.last.flatMap({ ObjectID($0.commit) })
        else { throw Failure(Self.reason(record), Exit.notFound) }
        self.base = base
        self.head = head
    }

    private static func reason(_ record: WorkflowRecord) -> String {
        if record.request.delivery.push, let commit = record.commitHash, let branch = record.branchName {
            return "the work is on the remote: branch \(branch), commit \(commit)"
        }
        guard record.headCommit != nil else { return "the task has changed nothing" }
        return "the work was removed: the task ended long ago"
    }

    /// Puts the work together in a folder that is gone afterwards.
    func diff(with client: Client, _ record: WorkflowRecord) async throws -> DiffSummary {
        let folder = FileManager.default.temporaryDirectory.appending(path: "automata-diff-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let remote = try RemoteURL(record.request.repository.remoteURL, allowLocal: true)
        let mirror = try await MirrorStore(home: folder.path).mirror(company: record.address.company, remote: remote)
        let packs = PackClient(bus: client.bus, subjects: client.subjects)
        try await mirror.add(pack: try await packs.fetch(record.address, want: base.text, have: []), head: base)
        _ = try await TaskMirror.add(chain, after: base, to: mirror) {
            try await store.pack(of: $0, in: record.workflowID)
        }
        return try await mirror.diff(from: base, to: head, maxBytes: .max)
    }
}
