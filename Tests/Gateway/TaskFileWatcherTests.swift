import Contracts
import Foundation
import Foundations
import Logging
import TestSupport
import Testing

@testable import GatewayService

@Suite(.timeLimit(.minutes(1))) struct TaskFileWatcherTests {
    private let door = MemoryDoor()
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder("tasks-file") }

    private var watcher: TaskFileWatcher {
        TaskFileWatcher(
            folder.path("tasks.yaml"), project: ProjectAddress("acme/web"), door: door,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
    }

    private func write(_ text: String) throws { try folder.write("tasks.yaml", text) }

    /// The tasks that were submitted, and not only asked about.
    private var submitted: [String] {
        door.asked.filter { $0.type == .submit && $0.body["dry_run"] == nil && $0.body["update"] == true }
            .map(\.address.task.text)
    }

    @Test func `the file is applied when it comes, and when it changes`() async throws {
        let watcher = watcher
        await watcher.look()
        #expect(door.asked.isEmpty)
        try write("tasks: [{id: one, title: t}]")
        for _ in 0..<3 { await watcher.look() }
        #expect(submitted == ["one"] && door.asked.count == 2)
        #expect(door.asked.first?.address.company.text == "acme")
        try write("tasks: [{id: one, title: t}, {id: two, title: t}]")
        await watcher.look()
        #expect(submitted == ["one", "one", "two"])
    }

    @Test func `a broken file changes nothing, until it is mended`() async throws {
        let watcher = watcher
        try write("tasks: [{id: one, title: t}, {id: two, title: t, priority: 99}]")
        await watcher.look()
        try write("tasks: [{id: one, title: t}, {id: two")
        await watcher.look()
        #expect(door.asked.isEmpty)
        try write("tasks: [{id: one, title: t}, {id: two, title: t}]")
        await watcher.look()
        #expect(submitted == ["one", "two"])
    }

    @Test func `what is refused is asked for again after a while, and all while nobody answers`() async throws {
        let watcher = watcher
        try write("tasks: [{id: one, title: t}]")
        door.refuse(Problem.unavailable("no planner answers"))
        for _ in 0..<2 { await watcher.look() }
        door.refuse(Problem(422, "invalid_request", "repository: missing"))
        await watcher.look()
        door.refuse(nil)
        for _ in 0..<TaskFileWatcher.patience { await watcher.look() }
        #expect(submitted.isEmpty)
        await watcher.look()
        #expect(submitted == ["one"])
        await watcher.look()
        #expect(submitted == ["one"])
    }
}
