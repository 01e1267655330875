import Contracts
import Foundation
import Foundations
import Git
import LanguageModels
import Sandbox
import Synchronization
import TaskStore
import TestSupport
import Testing

/// What a coder's model is told, and what it may do.
@Suite(.timeLimit(.minutes(1))) struct CodingToolsTests {
    private let coder = MemoryCoder()

    @Test func `a repair is told what failed, and what the coder said before`() async throws {
        let validation = ValidationResult(
            success: false, issues: ["`make lint` failed"],
            commands: [
                .init(command: "make lint", exitCode: 2, durationMilliseconds: 1, output: "calc.py:1: tabs"),
                .init(command: "make test", exitCode: 0, durationMilliseconds: 1, output: "all is well"),
            ])
        let model = MemoryModel([.finish])
        try await coder.work(model, coder.record(round: 1, validation: validation))
        for part in ["Repair round 1", "`make lint` failed", "calc.py:1: tabs", "first try", "add adds"] {
            #expect(model.heard.contains(part), "\(part)")
        }
        #expect(!model.heard.contains("all is well"))
        #expect(coder.journal.events.first?.message == "Repair round 1 started")
    }

    @Test func `a round that is begun afresh is told what is there already`() async throws {
        for generation in [0, 1] {
            let (coder, model) = (MemoryCoder(), MemoryModel([.finish]))
            let later = coder.repository.commit(["calc.py": "return a + b\n"])
            try await coder.work(model, coder.record(generation: generation), from: later)
            #expect(model.heard.contains("Files that it changed") == (generation == 1))
        }
    }

    @Test func `a coder has the tools that the task allows, and the one to finish`() async throws {
        let model = MemoryModel([.finish])
        try await coder.work(model, coder.record { $0.agent.allowedTools = ["read_file"] })
        #expect(model.requests.first?.tools.map(\.name) == ["read_file", "finish"])
    }

    @Test func `a file outside of the scope is not written, and the model is told`() async throws {
        let model = MemoryModel([.write("docs/a", "x"), .write("src/a", "x"), .finish])
        try await coder.work(model, coder.record { $0.agent.scopePaths = ["src"] })
        #expect(try coder.files() == ["calc.py", "src/a"])
        #expect(model.heard.contains("docs/a is outside of what this task may change"))
    }

    @Test func `what a command changes is kept, and what it prints is read`() async throws {
        coder.workplace.state.withLock { state in
            state.programs["make gen"] = { folder in
                _ = try? folder.write("gen.py", "made")
                return CommandOutcome(exitCode: 3, output: "half of it")
            }
        }
        let model = MemoryModel([.shell("make gen"), .finish])
        try await coder.work(model, coder.record())
        #expect(try coder.files() == ["calc.py", "gen.py"])
        #expect(model.heard.contains("exit code: 3\nhalf of it"))
        #expect(coder.journal.events.first { $0.type == .implementationStep }?.details["ok"] == false)
    }

    @Test func `work that cannot be kept is not done: it has to be mended before the end`() async throws {
        coder.workplace.state.withLock { state in
            state.refused = ("core", "The work tree is too large")
            state.programs["rm core"] = { folder in
                try? FileManager.default.removeItem(atPath: folder.path("core"))
                return CommandOutcome(exitCode: 0, output: "")
            }
        }
        let model = MemoryModel([.write("core", "huge"), .finish, .shell("rm core"), .finish])
        let result = try await coder.work(model, coder.record()).result
        #expect(model.requests.count == 4 && result.changes.headCommit == coder.base.text)
        #expect(model.heard.contains("The work tree is too large"))
    }
}
