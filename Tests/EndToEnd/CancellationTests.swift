import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// Commands that run when their task is cancelled.
@Suite(.timeLimit(.minutes(3))) struct CancellationTests {
    private static let marker = "cancelled-\(UUID().uuidString)"

    static let roles: [Role] = [
        .coder("sleeps", [.shell("sleep 3000 #coder \(marker)", timeout: 600)]),
        .coder("sleeps-late", Sample.repair),
    ]

    @Test(arguments: ["sleeps": "#coder", "sleeps-late": "#validator"].sorted { $0.key < $1.key })
    func `cancelling ends a running command with its task`(_ model: String, _ place: String) async throws {
        let platform = try await Platform.shared()
        let remote = try await GitRemote(files: Sample.files)
        var draft = TaskDraft(model, remote: remote)
        draft.validation = ["commands": [.string("sleep 3000 #validator \(Self.marker)")]]
        try await platform.submit(draft)
        let mark = "\(place) \(Self.marker)"
        try await eventually("the command runs", within: Platform.patience) { !Processes.holding(mark).isEmpty }
        let start = ContinuousClock.now
        try await platform.control(draft, .cancel)
        let task = try await platform.end(of: draft)
        // A second, and another for a machine that runs other tests too.
        #expect(ContinuousClock.now - start < .seconds(2))
        #expect(task.result.status == .cancelled)
        try await eventually("the command is gone") { Processes.holding(mark).isEmpty }
    }
}
