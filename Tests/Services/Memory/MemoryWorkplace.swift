import Agent
import Contracts
import Foundation
import Git
import Sandbox
import Synchronization
import TestSupport

@testable import CoderService
@testable import PlannerService

/// Folders with the files of commits, in which commands are functions.
final class MemoryWorkplace: CoderWorkplace, PlannerWorkplace, Sendable {
    /// What a command does in its folder.
    typealias Program = @Sendable (TemporaryFolder) -> CommandOutcome

    struct State {
        /// By the text of the command. Others are not found.
        var programs: [String: Program] = [:]
        /// Why the tree cannot be kept, as long as it holds a file of this name.
        var refused: (name: String, reason: String)?
    }

    let state = Mutex(State())
    let level = SandboxLevel.bubblewrap
    let repository: MemoryRepository

    init(_ repository: MemoryRepository) { self.repository = repository }

    func withTree<T: Sendable>(at commit: ObjectID, _ body: (any CoderTree) async throws -> T) async throws -> T {
        try await body(MemoryWorkspace(self, at: commit))
    }

    func withFiles<T: Sendable>(
        of commit: ObjectID, _ body: (_ folder: String, _ runner: any CommandRunner) async throws -> T
    ) async throws -> T {
        let workspace = try MemoryWorkspace(self, at: commit)
        return try await body(workspace.root, workspace)
    }
}

/// A folder with the files of a commit; its checkpoints are commits.
final class MemoryWorkspace: CoderTree, CommandRunner {
    private let place: MemoryWorkplace
    private let folder: TemporaryFolder
    private let head: Mutex<ObjectID>

    init(_ place: MemoryWorkplace, at commit: ObjectID) throws {
        self.place = place
        head = Mutex(commit)
        folder = try TemporaryFolder("workspace")
        for (path, text) in try place.repository.files(of: commit) { try folder.write(path, text) }
    }

    var root: String { folder.path }
    var runner: any CommandRunner { self }
    var level: SandboxLevel { place.level }
    var current: ObjectID { head.withLock { $0 } }

    func run(_ command: SandboxCommand) async throws -> CommandOutcome {
        let text = command.arguments.last ?? ""
        let program = place.state.withLock { $0.programs[text] }
        return program?(folder) ?? CommandOutcome(exitCode: 127, output: "\(text): not found")
    }

    func checkpoint(label: String, written: [String], asks: Bool) async throws -> KeptWork {
        let (files, parent) = (try files(), current)
        if let refused = place.state.withLock({ $0.refused }), files[refused.name] != nil {
            throw ToolError(refused.reason)
        }
        guard try files != place.repository.files(of: parent) else { return KeptWork() }
        let commit = place.repository.commit(files)
        let tree = try await place.repository.tree(of: commit)
        head.withLock { $0 = commit }
        return KeptWork(Checkpoint(commit: commit.text, tree: tree.text, base: parent.text, pack: Data()))
    }

    private func files() throws -> MemoryRepository.Files {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root).filter { path in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
            return !isFolder.boolValue
        }
        return Dictionary(uniqueKeysWithValues: try paths.map { ($0, try folder.read($0)) })
    }
}

extension MemoryRepository: CodedRepository {}
