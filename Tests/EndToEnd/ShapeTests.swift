import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Repositories of thirty shapes go through clone, edit, validation and push: what the remote gets differs by the edits
/// alone, byte by byte.
@Suite(.timeLimit(.minutes(3))) struct ShapeTests {
    private static let seeds: ClosedRange<UInt64> = 1...30

    /// All edits of a shape in one reply.
    static let roles: [Role] = seeds.map { seed in
        let edits = RepositoryShape(seed: seed).marked.map { file in
            ScriptedCall(
                "edit_file",
                ["file_path": .string(file.path), "old_text": .string(file.old), "new_text": .string(file.new)])
        }
        return .coder("shape-\(seed)", [Turn(calls: edits), .finish()])
    }

    /// A file of a commit: its mode and kind, and its content by its id.
    private struct Entry: Hashable {
        let mode: Substring
        var id: Substring
    }

    @Test func `only what was meant changes`() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seed in Self.seeds { group.addTask { try await deliver(RepositoryShape(seed: seed), seed) } }
            try await group.waitForAll()
        }
    }

    private func deliver(_ shape: RepositoryShape, _ seed: UInt64) async throws {
        let folder = try TemporaryFolder("shape")
        try await shape.write(to: folder)
        var draft = TaskDraft("shape-\(seed)", remote: folder.path)
        draft.validation = ["commands": [.string("test -e empty-\(seed)")]]
        let task = try await Platform.shared().run(draft, within: .seconds(150))
        #expect(task.result.status == .completed, "\(seed): \(task.result.errorMessage ?? "")")
        #expect(task.details(.implementationStep).allSatisfy { $0["ok"] == true }, "\(seed)")
        var expected = try await entries(of: "main", in: folder)
        for file in shape.marked { expected[Array(file.path.utf8)]?.id = try await id(of: file.expected, folder) }
        let found = try await entries(of: try #require(task.result.branchName), in: folder)
        #expect(found == expected, "\(seed)")
    }

    private func entries(of revision: String, in folder: TemporaryFolder) async throws -> [[UInt8]: Entry] {
        let list = try await Program.run(["git", "-C", folder.path, "ls-tree", "-r", "-z", revision])
        // The path as bytes: Swift takes names of the same letters for one name.
        return list.split(separator: "\0").reduce(into: [:]) { entries, line in
            let parts = line.split(separator: "\t", maxSplits: 1)
            let facts = parts[0].split(separator: " ")
            entries[Array(parts[1].utf8)] = Entry(mode: facts[0], id: facts[2])
        }
    }

    private func id(of bytes: [UInt8], _ folder: TemporaryFolder) async throws -> Substring {
        let file = try TemporaryFolder("blob")
        try Data(bytes).write(to: URL(filePath: file.path("bytes")))
        let id = try await Program.run(
            ["git", "-C", folder.path, "hash-object", "--no-filters", file.path("bytes")])
        return Substring(id.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
