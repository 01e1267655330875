import Contracts
import Foundation
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(3))) struct PoolerTests {
    @Test func `a task runs where PgBouncer stands before Postgres`() async throws {
        let server = try await PostgresServer.shared()
        // Fewer sessions than the services have connections.
        let bouncer = try await PgBouncer.start(before: server, size: 4)
        var settings = PlatformSettings(
            roles: [.coder("pooled", [.write("app.txt", "new\n"), .finish()]), .anyPlanner])
        settings.databaseURL = bouncer.url(of: try await server.createDatabase())
        try await Platform.with(settings) { platform in
            let remote = try await GitRemote(files: Sample.files)
            let end = try await platform.run(TaskDraft("pooled", remote: remote))
            #expect(end.result.status == .completed)
            #expect(end.events.map(\.event.seq) == Array(1...end.events.count))
        }
        try await bouncer.stop()
    }
}
