import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// What another version of the program left in the record is gone on with.
@Suite(.serialized, .timeLimit(.minutes(2))) struct UpgradeTests {
    private static let roles: [Role] = [
        .coder(
            "long", seeing: "- one.txt\n- two.txt",
            [.write("three.txt", "three\n"), .write("app.txt", "new\n"), .finish()]),
        .coder(
            "long",
            [.write("one.txt", "one\n"), .write("two.txt", "two\n"), Turn.write("three.txt", "three\n").failing(.hang)]),
        .coder("approved", [.write("app.txt", "new\n"), .finish()]), .anyPlanner,
    ]

    /// Changes what the database lets nobody change.
    private func change(_ platform: Platform, _ statement: SQL) async throws {
        let changed = try await platform.pool.transaction { connection in
            try connection.execute("set local session_replication_role = replica")
            return try connection.execute(statement).affected
        }
        #expect(changed > 0)
    }

    /// What another version records otherwise.
    enum Difference: CaseIterable, Sendable {
        case request, result

        var assignment: SQL {
            switch self {
            case .request: "request_hash = 'of another version'"
            case .result: "result = '{\"form\": \"another\"}'"
            }
        }
    }

    @Test(arguments: Difference.allCases)
    func `a conversation that does not fit begins afresh from its last checkpoint`(_ difference: Difference)
        async throws
    {
        let settings = PlatformSettings(roles: Self.roles, environment: ["LEASE_SECONDS": "3"])
        try await Platform.with(settings) { platform in
            let remote = try await GitRemote(files: Sample.files)
            var draft = TaskDraft("long", remote: remote)
            draft.validation = ["commands": Sample.commands]
            try await platform.submit(draft)
            try await eventually("the model hangs") { try platform.witness("long").contains { $0["reply"] == "hang" } }
            _ = try await #require(platform.replicas(of: .coder).first).process.kill9()
            try await change(
                platform,
                """
                update journal j set \(difference.assignment) from stage_runs r
                where r.id = j.run_id and r.stage = 'implementation' and j.kind = 'model_call' and j.state = 'done'
                """)
            try await platform.start(.coder, name: "second-coder")
            let task = try await platform.end(of: draft)
            #expect(task.result.status == .completed)
            #expect(task.events.map(\.event.seq) == Array(1...task.events.count))
            let branch = try #require(task.result.branchName)
            #expect(
                try await remote.changedFiles(from: "main", to: branch) == [
                    "app.txt", "one.txt", "three.txt", "two.txt",
                ])
            // The plan, two turns that count although they are not gone on from, and three of the second conversation.
            #expect(task.result.artifacts.llmCalls == 6)
        }
    }

    @Test func `evidence of another version has the validator run again`() async throws {
        try await Platform.with(PlatformSettings(roles: Self.roles)) { platform in
            let remote = try await GitRemote(files: Sample.files)
            var draft = TaskDraft("approved", remote: remote)
            draft.validation = ["commands": Sample.commands]
            draft.delivery = ["approval": "push"]
            try await platform.submit(draft)
            try await platform.event(.approvalRequested, of: draft)
            try await change(
                platform,
                """
                update stage_runs set output = output #- '{signed,evidence,base_commit}' #- '{signed,evidence,requested}'
                where output ? 'signed'
                """)
            _ = try await platform.control(draft, .approve)
            let requests = platform.log.events(of: draft.id)
            try await eventually("the push is asked for again") {
                requests.elements.filter { $0.type == .approvalRequested }.count == 2
            }
            _ = try await platform.control(draft, .approve)
            #expect(try await platform.end(of: draft).result.status == .completed)
        }
    }
}
