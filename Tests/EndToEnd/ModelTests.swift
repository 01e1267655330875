import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct ModelTests {
    static let roles: [Role] = [
        .coder("talks", [Turn(content: "I think that the file should be changed.")]),
        .coder("no-key", [Turn.finish().failing(.status(401, retryAfter: nil))]),
        .planner("no-key-plan", [Turn.plan.failing(.status(401, retryAfter: nil))]),
        .coder("no-model", [Turn.finish().failing(.status(404, retryAfter: nil))]),
        .coder("limited", withFault(.status(429, retryAfter: 1), times: 1)),
        .coder("down", [Turn.finish().failing(.status(500, retryAfter: nil))]),
        .coder("cut", withFault(.cut, times: 1)),
        .coder("garbled", withFault(.garbage, times: 1)),
        .coder("clumsy", clumsy + Sample.repair),
        .coder(
            "wanders",
            (0..<9).map { .call("read_file", ["file_path": "app.txt", "start_line": 1, "end_line": .int($0 + 1)]) }),
        .coder("spends", (0..<9).map { .write("app.txt", "draft \($0)\n", cost: 0.3) }),
        .coder("unpriced", Sample.repair),
        .coder("circles", [.call("read_file", ["file_path": "app.txt"])]),
    ]

    private static func withFault(_ fault: Fault, times: Int) -> [Turn] {
        Sample.repair.map { $0.failing(fault, times: times) }
    }

    /// Calls that no tool can take, and paths that lead out of the work tree.
    private static let clumsy: [Turn] = [
        .call("drop_table", ["name": "tasks"]),
        .call("write_file", "{\"file_path\": \"app.txt\", "),
        .call("write_file", ["file_path": 5]),
        .call("write_file", ["file_path": "../outside.txt", "content": "x"]),
        .call("write_file", ["file_path": "/etc/outside.txt", "content": "x"]),
        .call("read_file", ["file_path": "../../../../etc/passwd"]),
        .shell("ln -s /etc link && ln -s / root"),
        .call("read_file", ["file_path": "link/passwd"]),
        .call("write_file", ["file_path": "root/tmp/outside.txt", "content": "x"]),
        .call("list_directory", ["dir_path": "root"]),
        .shell("rm link root && head -c 104857600 /dev/zero > large.bin"),
        .call("read_file", ["file_path": "large.bin"]),
        .call("edit_file", ["file_path": "large.bin", "old_text": "a", "new_text": "b"]),
        .shell("rm large.bin"),
    ]

    private func run(_ model: String, agent: [String: JSONValue] = [:]) async throws -> EndedTask {
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft(model, remote: remote)
        draft.validation = ["commands": Sample.commands]
        draft.agent = agent
        let task = try await Platform.shared().run(draft)
        #expect(try await remote.branches().count == (task.result.status == .completed ? 2 : 1))
        return task
    }

    @Test func `a model that only talks is stuck`() async throws {
        let task = try await run("talks")
        #expect(task.result.status == .stuck)
        #expect(task.result.errorMessage?.contains("called no tool") == true)
    }

    @Test(arguments: ["no-key", "no-key-plan"])
    func `a refused key ends as model unavailable at once and says what is wrong`(_ model: String) async throws {
        let task = try await run(model)
        #expect(task.result.status == .modelUnavailable)
        #expect(task.result.errorMessage?.contains("does not accept the key") == true)
        let refused = try await Platform.shared().witness(model).count { $0["reply"] == "status 401" }
        #expect(refused == 1)
    }

    @Test func `an unknown model ends as model unavailable and is named`() async throws {
        let task = try await run("no-model")
        #expect(task.result.status == .modelUnavailable)
        #expect(task.result.errorMessage?.contains("does not know the model no-model") == true)
    }

    @Test(arguments: ["limited", "cut", "garbled"]) func `a fault that passes is survived`(_ model: String) async throws
    {
        let task = try await run(model)
        #expect(task.result.status == .completed)
        let replies = try await Platform.shared().witness(model).compactMap { $0["reply"]?.stringValue }
        // Planned once; each of the two turns failed once and was answered then.
        #expect(replies.count == 5)
    }

    @Test func `a model that always fails ends as model unavailable after retries`() async throws {
        let task = try await run("down")
        #expect(task.result.status == .modelUnavailable)
        #expect(task.result.errorMessage?.contains("500") == true)
        let asked = try await Platform.shared().witness("down").count { $0["reply"] == "status 500" }
        #expect(asked == 10)
    }

    @Test func `bad calls are answered with errors and the task goes on`() async throws {
        let task = try await run("clumsy")
        #expect(task.result.status == .completed)
        let steps = task.details(.implementationStep)
        let ok = steps.compactMap { $0["ok"]?.boolValue }
        let isFine = [false, false, false, false, false, false, true, false, false, false, true]
        #expect(Array(ok.prefix(11)) == isFine)
        #expect(!FileManager.default.fileExists(atPath: "/etc/outside.txt"))
        #expect(!FileManager.default.fileExists(atPath: "/tmp/outside.txt"))
        #expect(task.result.artifacts.filesChanged == 1)
        let leaks = try await Platform.shared().rows(
            """
            select 1 from journal j join stage_runs r on r.id = j.run_id
            where r.workflow_id::text = \(task.result.workflowID) and j.result::text like '%root:x:%'
            """
        )
        #expect(leaks == [])
    }

    @Test func `turns that are used up end the task`() async throws {
        let task = try await run("wanders", agent: ["max_iterations": 4])
        #expect(task.result.status == .iterationsExhausted)
        #expect(task.result.errorMessage?.contains("max_iterations") == true)
        #expect(task.tools.count == 4)
    }

    @Test func `a budget that is used up ends the task after its alerts`() async throws {
        let task = try await run("spends", agent: ["max_cost_usd": 1.0])
        #expect(task.result.status == .budgetExhausted)
        #expect(task.details(.budgetAlert).compactMap { $0["percent"]?.intValue } == [50, 80, 100])
        #expect(task.result.artifacts.costUSD >= 1.0 && task.result.artifacts.costUSD < 1.5)
        #expect(task.result.errorMessage?.contains("max_cost_usd") == true)
        let rows = try await Platform.shared().rows(
            "select head_commit from tasks where workflow_id::text = \(task.result.workflowID)")
        #expect(rows.first?["head_commit"]?.stringValue != nil)
    }

    @Test func `a budget that nobody can keep is told once in a task`() async throws {
        let task = try await run("unpriced", agent: ["max_cost_usd": 0.01])
        #expect(task.result.status == .completed)
        #expect(task.details(.budgetAlert).compactMap { $0["unpriced_model"]?.stringValue } == ["unpriced"])
    }

    @Test func `a model that goes round in circles is stuck`() async throws {
        let task = try await run("circles")
        #expect(task.result.status == .stuck)
        #expect(task.tools.count == 5)
    }
}
