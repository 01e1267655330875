import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct HappyPathTests {
    static let roles: [Role] = [
        .planner("median", [.call("read_file", ["file_path": "stats.py"]), .plan]),
        .coder(
            "median",
            [
                .call("read_file", ["file_path": "stats.py"]),
                .call(
                    "edit_file",
                    [
                        "file_path": "stats.py", "old_text": "return values[",
                        "new_text": "values = sorted(values)\n    return values[",
                    ], cost: 0.25),
                .shell("python3 -m unittest -q"),
                .finish("Sorts the values first.", message: "Sort before taking the median"),
            ]),
        .coder("quick", Sample.repair),
    ]

    private static let files = [
        "stats.py": "def median(values):\n    return values[len(values) // 2]\n",
        "test_stats.py": """
        import unittest
        from stats import median


        class MedianTest(unittest.TestCase):
            def test_sorted(self):
                self.assertEqual(median([1, 2, 3]), 2)

            def test_unsorted(self):
                self.assertEqual(median([3, 1, 2]), 2)

        """,
    ]

    private static let flow: [EventType] =
        [.workflowStarted, .repoCloned, .branchCreated, .planCreated, .implementationStarted]
        + Array(repeating: .implementationStep, count: 4)
        + [
            .implementationCompleted, .validationStarted, .validationCompleted, .changesCommitted, .changesPushed,
            .workflowCompleted,
        ]

    private func repair(_ platform: Platform) async throws -> (remote: GitRemote, task: EndedTask, workflowID: String) {
        let remote = try await GitRemote(files: Self.files)
        var draft = TaskDraft("median", title: "Mend the median, please!", remote: remote)
        draft.delivery["webhook_url"] = .string(platform.sink.url(.accepts, draft.id))
        let submitted = try await platform.submit(draft)
        return (remote, try await platform.end(of: draft), submitted.workflowID)
    }

    @Test func `a task tells every event in order and ends in one commit with the intended files`() async throws {
        let platform = try await Platform.shared()
        let (remote, task, workflowID) = try await repair(platform)
        #expect(task.types == Self.flow)
        #expect(task.events.map(\.event.seq) == Array(1...task.events.count))
        for event in task.events {
            #expect(event.headers["Nats-Msg-Id"] == event.event.eventID)
            #expect(event.headers["traceparent"]?.contains(#/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/#) == true)
            #expect(event.event.workflowID == workflowID)
            #expect(event.payload.count <= 8 << 10)
            let envelope = try JSONValue(parsing: event.payload).objectValue ?? [:]
            #expect(
                Set(envelope.keys) == [
                    "event_id", "seq", "workflow_id", "company_id", "project_id", "task_id", "notification_type",
                    "message", "details", "timestamp",
                ])
        }
        #expect(Set(task.events.compactMap { $0.headers["traceparent"]?.dropFirst(3).prefix(32) }).count == 1)
        #expect(task.tools == ["read_file", "edit_file", "run_shell_command", "finish"])

        let branch = try #require(task.result.branchName)
        #expect(branch.contains(#/^feat/\d{8}-mend-the-median-please$/#))
        #expect(try await remote.branches() == [branch, "main"])
        #expect(try await remote.log("main..\(branch)") == ["Sort before taking the median"])
        #expect(try await remote.changedFiles(from: "main", to: branch) == ["stats.py"])
        #expect(try await remote.commitID(branch) == task.result.commitHash)
        #expect(try await remote.commitID("main") == task.result.baseCommit)
        let message = try await remote.message(of: branch)
        #expect(message.hasSuffix("Automata-Task: acme/shop/\(task.draft.id)\nAutomata-Workflow: \(workflowID)"))
    }

    @Test func `the result tells what was done, used and checked`() async throws {
        let platform = try await Platform.shared()
        let (_, task, _) = try await repair(platform)
        let result = task.result
        #expect(result.success && result.status == .completed && result.errorMessage == nil)
        #expect(result.implementationPlan?.steps == ["Read it", "Change it"] && result.stepsCompleted == 2)
        #expect(result.validationResult?.success == true)
        #expect(result.validationResult?.testsPassed == 2 && result.validationResult?.testsFailed == 0)
        #expect(result.artifacts.llmCalls == 6)
        #expect(result.artifacts.promptTokens > 0 && result.artifacts.completionTokens > 0)
        #expect(result.artifacts.costUSD == 0.25)
        #expect(result.artifacts.filesChanged == 1)
        #expect(result.artifacts.insertions == 1 && result.artifacts.deletions == 0)
        #expect(result.artifacts.sandbox == "bubblewrap")
        #expect(result.executionTimeHours > 0)
    }

    @Test func `one webhook arrives, signed, with the result of the last event`() async throws {
        let platform = try await Platform.shared()
        let (_, task, workflowID) = try await repair(platform)
        let url = platform.sink.url(.accepts, task.draft.id)
        let payload = try platform.sink.verified(try await platform.sink.first(to: url))
        #expect(payload.type == "workflow.completed")
        #expect(payload.data == task.result)
        try await eventually("the delivery is recorded") {
            let rows = try await platform.rows(
                """
                select state, attempts from stage_runs where kind = 'webhook' and workflow_id::text = \(workflowID)
                """)
            return rows == [["state": "done", "attempts": 1]]
        }
        #expect(platform.sink.requests(to: url).count == 1)
    }

    @Test func `the record shows the task, its activities and an empty outbox, and nothing is left running`()
        async throws
    {
        let platform = try await Platform.shared()
        let (_, task, workflowID) = try await repair(platform)
        let rows = try await platform.rows(
            "select status, result, last_seq from tasks where workflow_id::text = \(workflowID)")
        #expect(rows.count == 1)
        #expect(rows.first?["status"] == "completed")
        #expect(rows.first?["last_seq"]?.intValue == task.events.count)
        #expect(try rows.first?["result"]?.decode(WorkflowResult.self) == task.result)
        let activities = try await platform.rows(
            "select * from task_activities where task_id = \(task.draft.id) order by timestamp desc")
        #expect(activities.count == task.events.count)
        #expect(activities.count { $0["activity_type"] == "function_call" } == task.tools.count)
        #expect(activities.first?["activity_type"] == "progress")
        try await eventually("the outbox is empty") {
            try await platform.rows(
                "select id from outbox where workflow_id::text = \(workflowID) and published_at is null"
            ).isEmpty
        }
        for service in platform.services.elements {
            let left = try? FileManager.default.contentsOfDirectory(atPath: "\(service.home)/worktrees")
            #expect(left?.filter { $0.hasPrefix(workflowID) } ?? [] == [])
        }
        let open = try await platform.rows(
            """
            select state from stage_runs where workflow_id::text = \(workflowID) and slot = 'step' and state <> 'done'
            """)
        #expect(open == [])
    }

    @Test func `a second task on a repository that the mirrors know goes through as the first did`() async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        // The first run of a remote fills the mirrors.
        for _ in 0..<2 {
            var draft = TaskDraft("quick", remote: remote)
            draft.validation = ["commands": Sample.commands]
            #expect(try await platform.run(draft).result.status == .completed)
        }
    }
}
