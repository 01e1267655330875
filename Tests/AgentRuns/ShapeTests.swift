import Agent
import AgentRuns
import Foundation
import Foundations
import Git
import Logging
import Sandbox
import TestSupport
import Testing
import Workspaces

/// Repositories in many shapes go through checkout, edit and snapshot with no other byte changed.
@Suite(.timeLimit(.minutes(5))) struct ShapeTests {
    private struct NoCommands: CommandRunner {
        let level = SandboxLevel.none
        func run(_ command: SandboxCommand) async throws -> CommandOutcome { throw ToolError("no commands here") }
    }

    private func call(_ name: String, _ arguments: JSONValue, _ context: ToolContext) async throws -> ToolResult {
        let tool = try #require(ToolCatalogue(.coder).tools.first { $0.name == name })
        return try await tool.run(ToolArguments(arguments.text(), for: tool), in: context)
    }

    @Test(arguments: 1...30) func `only what was meant changes`(seed: Int) async throws {
        let shape = RepositoryShape(seed: UInt64(seed))
        let folder = try TemporaryFolder("shape")
        try await shape.write(to: folder)
        let url = try RemoteURL(folder.path, allowLocal: true)
        let home = try TemporaryFolder("shape-home")
        let mirror = try await MirrorStore(home: home.path("home"))
            .mirror(company: try #require(CompanyID("acme")), remote: url)
        let base = try await mirror.fetch(remote: url, branch: try await mirror.defaultBranch(remote: url))
        let tree = try await WorkTree.checkout(mirror: mirror, commit: base, at: home.path("work/tree"))
        let kept = CheckpointedTree(
            tree, mirror, head: base, stored: 0, logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        let workspace = CheckpointedWorkspace(kept)
        #expect(try await workspace.checkpoint(label: "none", written: [], asks: true) == KeptWork())
        let foreign = try await mirror.foreignContent(of: base)
        #expect(foreign.submodules == [shape.submodule].compactMap(\.self))
        #expect(foreign.largeFiles == (shape.files["large.big"] == nil ? [] : ["large.big"]))

        let context = ToolContext(root: tree.directory, runner: NoCommands())
        for file in shape.marked {
            let edited = try await call(
                "edit_file",
                ["file_path": .string(file.path), "old_text": .string(file.old), "new_text": .string(file.new)], context
            )
            #expect(edited.written?.utf8.elementsEqual(file.path.utf8) == true)
        }
        let edits = try await workspace.checkpoint(label: "edits", written: [], asks: true)
        #expect(edits.notes.isEmpty && edits.checkpoint != nil)
        let head = kept.current
        for file in shape.marked {
            let found = try await mirror.file(at: head, path: file.path, maxBytes: 5 << 20)
            #expect(found.map(Array.init) == file.expected, "\(file.path)")
        }
        let diff = try await mirror.diff(from: base, to: head, maxBytes: 0)
        #expect(Set(diff.files.map { Array($0.path.utf8) }) == Set(shape.marked.map { Array($0.path.utf8) }))
        #expect(diff.files.allSatisfy { $0.oldPath == nil })
        try await edit(back: shape, context)
        _ = try await workspace.checkpoint(label: "back", written: [], asks: true)
        #expect(try await mirror.tree(of: kept.current) == mirror.tree(of: base))
    }

    /// Undoes the edits: what comes of it is the first commit's tree.
    private func edit(back shape: RepositoryShape, _ context: ToolContext) async throws {
        for file in shape.marked {
            _ = try await call(
                "edit_file",
                ["file_path": .string(file.path), "old_text": .string(file.new), "new_text": .string(file.old)], context
            )
        }
    }
}
