import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct CommandTests {
    /// Every command names this, so that what is left of it can be found among all processes.
    private static let marker = "automata-marker-\(UUID().uuidString.prefix(8).lowercased())"

    private static let hostile: [String: (command: String, timeout: Int?)] = [
        "never-ends": ("sleep 3000", 1),
        "ignores-signals": ("trap '' TERM INT HUP; while :; do sleep 0.1; done", 1),
        "leaves-daemons": ("for i in 1 2 3; do setsid nohup sh -c 'sleep 3000 #\(marker)' & done; exit 3", nil),
        "forks": ("f() { f | f & }; f; sleep 3000", 2),
        "floods": ("yes \(marker)", nil),
        "fills-with-files": ("for i in 1 2 3 4 5 6 7; do head -c 40M /dev/urandom > junk$i; done; exit 1", nil),
        "fills-with-holes": ("for i in 1 2 3; do fallocate -l 900M big$i; done; sleep 3000", 20),
        "breaks-git": ("rm -rf .git; mkdir .git; echo '[core] fsmonitor = touch /tmp/x' > .git/config; exit 1", nil),
    ]

    static let roles: [Role] = hostile.map { model, hostile in
        .coder(
            model,
            [.shell("\(hostile.command) #\(marker)", timeout: hostile.timeout), .shell("rm -f junk* big*; true")]
                + Sample.repair)
    }

    @Test(arguments: hostile.keys.sorted())
    func `a hostile command fails, leaves nothing running, and the task goes on`(_ model: String) async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft(model, remote: remote)
        draft.validation = ["commands": Sample.commands]
        let task = try await platform.run(draft)
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
        let steps = task.details(.implementationStep)
        #expect(steps.first?["ok"] == false)
        #expect(steps.dropFirst().allSatisfy { $0["ok"] == true })
        #expect(try await remote.changedFiles(from: "main", to: try #require(task.result.branchName)) == ["app.txt"])
    }

    @Test func `a validation that never ends is cut off and fails`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft("fetches", remote: remote)
        draft.validation = [
            "commands": [.string("sleep 3000 #\(Self.marker)")], "timeout_seconds": 1, "max_repair_rounds": 0,
        ]
        let task = try await platform.run(draft)
        #expect(task.result.status == .validationFailed)
        #expect(task.result.errorMessage?.contains("longer than 1 s") == true)
    }

    @Test func `nothing of a hostile command outlives its task`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        for model in ["leaves-daemons", "forks"] {
            var draft = TaskDraft(model, title: "Again", remote: remote)
            draft.validation = ["commands": Sample.commands]
            _ = try await platform.run(draft)
        }
        // Other tests of this suite run commands at the same time: theirs end too.
        try await eventually("the end of every hostile command", within: .seconds(60)) {
            Processes.holding(Self.marker).isEmpty
        }
    }
}
