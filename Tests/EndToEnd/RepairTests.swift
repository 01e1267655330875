import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct RepairTests {
    static let roles: [Role] = [
        .coder("repairs", seeing: "app.txt is stale", [.write("app.txt", "new\n"), .finish("Mended.")]),
        .coder("repairs", [.write("app.txt", "almost\n"), .finish("Changed app.txt.")]),
        .coder(
            "never-repairs", seeing: "Repair round 2", [.write("app.txt", "third\n"), .finish("Now it is right.")]),
        .coder(
            "never-repairs", seeing: "Repair round 1", [.write("app.txt", "second\n"), .finish("Now it is right.")]),
        .coder("never-repairs", [.write("app.txt", "first\n"), .finish("It is right.")]),
    ]

    private func draft(_ model: String, _ remote: GitRemote) -> TaskDraft {
        var draft = TaskDraft(model, remote: remote)
        draft.validation = ["commands": Sample.commands, "max_repair_rounds": 2]
        return draft
    }

    @Test func `a failed validation goes back to the coder with its output and is mended`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let task = try await platform.run(draft("repairs", remote))
        #expect(task.result.status == .completed)
        #expect(task.details(.implementationStarted).compactMap { $0["round"]?.intValue } == [0, 1])
        #expect(task.details(.validationCompleted).compactMap { $0["success"]?.boolValue } == [false, true])
        // The second part of the script answers only where the failing output is to be seen.
        let roles = try platform.witness("repairs").compactMap { $0["role"]?.stringValue }
        #expect(
            roles == ["planner", "coder repairs", "coder repairs"]
                + Array(repeating: "coder repairs seeing app.txt is stale", count: 2))
        let branch = try #require(task.result.branchName)
        #expect(try await remote.log("main..\(branch)").count == 1)
        #expect(try await remote.contents(of: "app.txt", at: branch) == "new\n")
    }

    @Test func `what never passes ends as validation failed, pushes nothing, and keeps the work`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let task = try await platform.run(draft("never-repairs", remote))
        #expect(task.result.status == .validationFailed && !task.result.success)
        #expect(task.types.last == .workflowFailed)
        #expect(task.result.errorMessage?.contains("app.txt is stale") == true)
        #expect(task.details(.implementationStarted).count == 3)
        #expect(try await remote.branches() == ["main"])
        let rows = try await platform.rows(
            "select head_commit, base_commit from tasks where workflow_id::text = \(task.result.workflowID)")
        let head = try #require(rows.first?["head_commit"]?.stringValue)
        let base = try #require(rows.first?["base_commit"]?.stringValue)
        try await unpack(task.result.workflowID, into: remote, of: platform)
        let diff = try await remote.diff(from: base, to: head)
        #expect(diff.contains("-old") && diff.contains("+third"))
        try await remote.git(["update-ref", "refs/heads/kept", head])
        try await expectPatch(of: task, equals: remote, platform)
    }

    /// The tool's patch, applied by git, gives the kept tree.
    private func expectPatch(of task: EndedTask, equals remote: GitRemote, _ platform: Platform) async throws {
        let patch = try await platform.tool(["diff", task.draft.reference])
        let clone = try TemporaryFolder("patched").path("clone")
        try await Program.run(["git", "clone", "--quiet", remote.url, clone])
        try await Program.run(["git", "-C", clone, "apply", "--index", "-"], input: patch)
        let tree = try await Program.run(["git", "-C", clone, "write-tree"]).trimmed
        #expect(try await Program.run(["git", "-C", clone, "rev-parse", "origin/kept^{tree}"]).trimmed == tree)
        let json = try await platform.tool(["diff", task.draft.reference, "--json"])
        let facts = try JSONValue(parsing: Data(json.utf8))
        #expect(facts["patch"]?.stringValue == patch)
        #expect(facts["files"]?.arrayValue?.compactMap { $0["path"]?.stringValue } == ["app.txt"])
    }

    /// Puts the kept objects of a workflow into a repository, as an operator would to look at them.
    private func unpack(_ workflowID: String, into remote: GitRemote, of platform: Platform) async throws {
        let query: SQL =
            "select pack as value from checkpoints where workflow_id::text = \(workflowID) order by ordinal"
        let packs = try await platform.pool.withConnection { connection in
            try connection.execute(query).map { try $0.get("value", as: Data.self) }
        }
        #expect(packs.count == 3)
        let folder = try TemporaryFolder("packs")
        for (index, pack) in packs.enumerated() {
            let path = folder.path("\(index).pack")
            try pack.write(to: URL(fileURLWithPath: path))
            try await Program.run(["sh", "-c", "git -C '\(remote.url)' index-pack --fix-thin --stdin < '\(path)'"])
        }
    }
}
