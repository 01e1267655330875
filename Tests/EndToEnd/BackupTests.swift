import Contracts
import Database
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Postgres is restored from a dump that is older than the bus and the remote, as deploy/BACKUP.md says.
@Suite(.timeLimit(.minutes(6))) struct BackupTests {
    private static let roles: [Role] =
        ["ended", "open", "published", "asked"].map { .coder($0, [.write("app.txt", "new\n"), .finish()]) }
        + [.anyPlanner]

    @Test func `what the dump holds goes on, what it does not is unknown until it is submitted again`() async throws {
        var settings = PlatformSettings(roles: Self.roles, environment: ["LEASE_SECONDS": "2"])
        settings.databaseURL = try await PostgresServer.shared().createDatabase()
        try await Platform.with(settings) { platform in
            let remote = try await GitRemote(files: Sample.files)
            let ended = try await platform.run(TaskDraft("ended", remote: remote))
            let open = waiting(remote)
            try await platform.submit(open)
            try await platform.event(.approvalRequested, of: open)
            let dump = try await Program.run(["pg_dump", "--no-sync", platform.databaseURL])

            try await platform.control(open, .approve)
            let firstEnd = try await platform.end(of: open)
            let published = TaskDraft("published", remote: remote)
            try await platform.publish(published)
            let firstBranch = try await platform.end(of: published).result.branchName
            let asked = try await platform.run(TaskDraft("asked", remote: remote)).draft

            try await restore(dump, platform)

            // What had ended is as it was.
            #expect(try await platform.status(ended.draft)["status"] == "completed")
            // What was open is where it was, and its push finds that it is done already.
            #expect(try await platform.status(open)["status"] == "awaiting_approval")
            try await platform.control(open, .approve)
            try await eventually("the open task ends again") {
                try await platform.status(open)["status"] == "completed"
            }
            let result = try await platform.status(open)["result"]
            #expect(result?["commit_hash"]?.stringValue == firstEnd.result.commitHash)
            #expect(result?["branch_name"]?.stringValue == firstEnd.result.branchName)
            // What came after the dump is unknown, until it comes again: of the stream it was erased when it was taken.
            for draft in [published, asked] {
                await #expect(throws: Reply.Refused.self) { try await platform.status(draft) }
            }
            // The branch of the first time stays, and there is another.
            try await platform.publish(published)
            try await eventually("the published task ends again", within: Platform.patience) {
                let query: SQL = "select 1 from tasks where task_id = \(published.id) and status = 'completed'"
                return try await platform.rows(query).count == 1
            }
            let secondBranch = try await platform.status(published)["result"]?["branch_name"]?.stringValue
            #expect(secondBranch != nil && secondBranch != firstBranch)
            #expect(try await remote.branches().contains(try #require(firstBranch)))
            try await platform.submit(asked)
        }
    }

    private func waiting(_ remote: GitRemote) -> TaskDraft {
        var draft = TaskDraft("open", remote: remote)
        draft.delivery["approval"] = "push"
        return draft
    }

    private func restore(_ dump: String, _ platform: Platform) async throws {
        for service in platform.services.elements { try await service.process.stop() }
        let url = platform.databaseURL
        let name = url.split(separator: "/").last ?? ""
        let server = String(url.dropLast(name.count)) + "postgres"
        for statement in ["drop database \"\(name)\" with (force)", "create database \"\(name)\""] {
            try await Program.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", server, "-c", statement])
        }
        try await Program.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url], input: dump)
        for kind in ServiceKind.allCases { try await platform.start(kind, name: "\(kind.rawValue)-again") }
        try await platform.untilAnswered()
    }
}
