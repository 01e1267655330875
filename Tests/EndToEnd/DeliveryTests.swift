import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct DeliveryTests {
    static let roles: [Role] = [
        .coder("idle", [.finish("It is right as it is.")]), .coder("delivers", Sample.repair),
    ]

    private func draft(_ model: String, _ remote: GitRemote, _ delivery: [String: JSONValue] = [:]) -> TaskDraft {
        var draft = TaskDraft(model, title: "Renew the app", remote: remote)
        draft.validation = ["commands": Sample.commands]
        draft.delivery = delivery
        return draft
    }

    @Test func `no change is a success of its own and nothing is pushed`() async throws {
        let platform = try await Platform.shared()
        // What was asked for passes as it is.
        let remote = try await GitRemote(files: Sample.files.merging(["app.txt": "new\n"]) { $1 })
        let task = try await platform.run(draft("idle", remote))
        #expect(task.result.status == .completedNoChanges && task.result.success)
        #expect(task.result.validationResult?.commands.map(\.exitCode) == [0])
        #expect(task.result.branchName == nil && task.result.stepsCompleted == 0)
        #expect(task.types.last == .workflowCompleted)
        #expect(task.result.commitHash == nil && task.result.artifacts.filesChanged == 0)
        #expect(!task.types.contains(.changesPushed))
        #expect(try await remote.branches() == ["main"])
    }

    @Test func `without push the commit is made and stays at home`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let task = try await platform.run(draft("delivers", remote, ["push": false]))
        #expect(task.result.status == .completed)
        #expect(task.result.commitHash != nil)
        #expect(task.types.contains(.changesCommitted) && !task.types.contains(.changesPushed))
        #expect(try await remote.branches() == ["main"])
        #expect(try await platform.tool(["diff", task.draft.reference]).contains("+new"))
    }

    @Test func `branch and commit message can be chosen`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let task = try await platform.run(
            draft("delivers", remote, ["branch_name": "fix/app", "commit_message": "fix: app\n\nBecause."]))
        #expect(task.result.branchName == "fix/app")
        #expect(try await remote.branches() == ["fix/app", "main"])
        #expect(try await remote.message(of: "fix/app").hasPrefix("fix: app\n\nBecause.\n\nAutomata-Task: "))
    }

    @Test func `the commit names whom the task asks for, or else the settings, also to a remote that insists on it`()
        async throws
    {
        let settings = PlatformSettings(
            roles: Self.roles + [.anyPlanner],
            environment: ["GIT_AUTHOR": "Robot <robot@corp.example>", "GIT_COMMITTER": "Build <build@corp.example>"])
        try await Platform.with(settings) { platform in
            let remote = try await GitRemote(files: Sample.files)
            try remote.hook(
                "pre-receive",
                "read old new ref; git log -1 --format=%ae $new | grep -q '@corp.example$' "
                    + "|| { echo 'authors are of corp.example' >&2; exit 1; }")
            for (author, expected) in [
                (nil, "Robot <robot@corp.example>"), ("Ada <ada@corp.example>", "Ada <ada@corp.example>"),
            ] as [(String?, String)] {
                let task = try await platform.run(
                    draft("delivers", remote, author.map { ["author": .string($0)] } ?? [:]))
                #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
                let names = try await remote.git(
                    ["log", "-1", "--format=%an <%ae>|%cn <%ce>", try #require(task.result.commitHash)])
                #expect(names == "\(expected)|Build <build@corp.example>\n")
            }
            let refused = try await platform.run(draft("delivers", remote, ["author": "Eve <eve@elsewhere.example>"]))
            #expect(refused.result.status == .pushRejected)
            #expect(refused.result.errorMessage?.contains("authors are of corp.example") == true)
        }
    }

    @Test func `a chosen branch that exists is left alone`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let theirs = try await remote.commit(["note.txt": "mine\n"], message: "Theirs", on: "fix/app")
        let task = try await platform.run(draft("delivers", remote, ["branch_name": "fix/app"]))
        #expect(task.result.status == .pushRejected)
        #expect(task.result.errorMessage?.contains("delivery.branch_name") == true)
        #expect(try await remote.commitID("fix/app") == theirs)
    }

    @Test func `two tasks of one title at once get a branch each`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let drafts = (0..<2).map { _ in draft("delivers", remote) }
        for draft in drafts { try await platform.publish(draft) }
        var branches: Set<String> = []
        for draft in drafts {
            let task = try await platform.end(of: draft)
            #expect(task.result.status == .completed)
            branches.insert(try #require(task.result.branchName))
        }
        #expect(branches.count == 2)
        #expect(Set(try await remote.branches()) == branches.union(["main"]))
    }

    @Test(arguments: ["fix", "fix/app/more"])
    func `a chosen branch that cannot be beside another is refused before it costs anything`(_ other: String)
        async throws
    {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        try await remote.commit(["note.txt": "mine\n"], message: "Theirs", on: other)
        let task = try await platform.run(draft("delivers", remote, ["branch_name": "fix/app"]))
        #expect(task.result.status == .pushRejected)
        #expect(task.result.errorMessage?.contains("the branch \(other) leaves no room for fix/app") == true)
        #expect(task.result.artifacts.llmCalls == 0)
    }

    @Test
    func `a chosen branch of another open task is refused before it costs anything, however the remote is spelled`()
        async throws
    {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let first = draft("delivers", remote, ["branch_name": "fix/spelled", "approval": "push"])
        try await platform.submit(first)
        try await platform.event(.approvalRequested, of: first)
        var second = draft("delivers", remote, ["branch_name": "fix/spelled"])
        second.remote = "file://\(remote.url)/"
        let task = try await platform.run(second)
        #expect(task.result.status == .pushRejected)
        #expect(task.result.errorMessage?.contains("another task has the branch fix/spelled") == true)
        #expect(task.result.artifacts.llmCalls == 0)
        // Another company is not told of it, and goes first.
        var other = draft("delivers", remote, ["branch_name": "fix/spelled"])
        other.company = "globex"
        #expect(try await platform.run(other).result.status == .completed)
    }

    @Test func `a chosen branch is free again when the task that chose it has ended without a push`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let first = draft("delivers", remote, ["branch_name": "fix/again", "approval": "push"])
        try await platform.submit(first)
        try await platform.event(.approvalRequested, of: first)
        try await platform.control(first, .cancel)
        #expect(try await platform.end(of: first).result.status == .cancelled)
        let second = draft("delivers", remote, ["branch_name": "fix/again"])
        #expect(try await platform.run(second).result.status == .completed)
    }

    /// No plan can know of another company's branch.
    @Test func `a branch that is taken between plan and push costs its name, not the work`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        var drafts = (0..<3).map { _ in draft("delivers", remote, ["approval": "push"]) }
        drafts[1].company = "globex"
        drafts[2].remote = "file://\(remote.url)"
        for draft in drafts { try await platform.submit(draft) }
        for draft in drafts { try await platform.event(.approvalRequested, of: draft) }
        var branches: Set<String> = []
        for draft in drafts {
            try await platform.control(draft, .approve)
            let task = try await platform.end(of: draft)
            #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
            let branch = try #require(task.result.branchName)
            #expect(task.details(.changesPushed).last?["branch_name"]?.stringValue == branch)
            #expect(try await remote.commitID(branch) == task.result.commitHash)
            branches.insert(branch)
        }
        #expect(branches.count == 3)
        #expect(Set(try await remote.branches()) == branches.union(["main"]))
    }

    @Test func `a branch in the way of all of ours costs their folder, not the work`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        try await remote.commit(["note.txt": "mine\n"], message: "Theirs", on: "feat")
        let task = try await platform.run(draft("delivers", remote))
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
        #expect(task.result.branchName?.hasPrefix("feat-") == true)
    }

    @Test(arguments: ["before-intent", "before-effect", "before-result", "after-result"])
    func `a pusher that dies over a taken name leaves one push to the next`(_ point: String) async throws {
        var settings = PlatformSettings(roles: Self.roles + [.anyPlanner], environment: ["LEASE_SECONDS": "2"])
        settings.kinds.removeAll { $0 == .pusher }
        try await Platform.with(settings) { platform in
            let remote = try await GitRemote(files: Sample.files)
            let draft = draft("delivers", remote)
            try await platform.submit(draft)
            let event = try await platform.event(.branchCreated, of: draft)
            let planned = try #require(event.details["branch_name"]?.stringValue)
            let theirs = try await remote.commit(["note.txt": "mine\n"], message: "Theirs", on: planned)
            try remote.notePushes()
            let first = try await platform.start(.pusher, environment: ["AUTOMATA_CRASH_AT": point])
            _ = try await first.process.waitForExit()
            try await platform.start(.pusher, name: "second")
            let task = try await platform.end(of: draft)
            #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
            #expect(task.result.branchName != planned)
            #expect(remote.pushes().count == 1)
            #expect(try await remote.commitID(planned) == theirs)
            #expect(try await remote.branches().count == 3)
        }
    }

    @Test func `a remote that refuses the push ends as push rejected with its words`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        try remote.refusePushes("branches are frozen until Monday")
        let task = try await platform.run(draft("delivers", remote))
        #expect(task.result.status == .pushRejected)
        #expect(task.result.errorMessage?.contains("branches are frozen until Monday") == true)
    }

    @Test(arguments: ["plan", "push"]) func `an approval lets the task go on`(_ stage: String) async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let draft = draft("delivers", remote, ["approval": .string(stage)])
        try await platform.submit(draft)
        let asked = try await platform.event(.approvalRequested, of: draft)
        #expect(asked.details["approval"]?.stringValue == stage)
        let status = try await platform.status(draft)
        #expect(status["status"] == "awaiting_approval")
        #expect(try await remote.branches() == ["main"])
        try await platform.control(draft, .approve)
        let task = try await platform.end(of: draft)
        #expect(task.result.status == .completed)
        #expect(try await remote.branches().count == 2)
    }

    @Test(arguments: ["plan", "push"]) func `a rejection ends the task and pushes nothing`(_ stage: String) async throws
    {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        let draft = draft("delivers", remote, ["approval": .string(stage)])
        try await platform.submit(draft)
        try await platform.event(.approvalRequested, of: draft)
        try await platform.control(draft, .reject)
        let task = try await platform.end(of: draft)
        #expect(task.result.status == .rejected && !task.result.success)
        #expect(try await remote.branches() == ["main"])
    }
}
