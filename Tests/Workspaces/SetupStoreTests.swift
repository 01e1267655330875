import Foundation
import Foundations
import TestSupport
import Testing

@testable import Workspaces

/// What was installed, on the disk of a host.
@Suite struct SetupStoreTests {
    private struct Killed: Error {}

    private let home: TemporaryFolder
    private let store: SetupStore
    private let builds = Recorder<String>()

    init() throws {
        home = try TemporaryFolder("setups")
        store = SetupStore(home: home.path)
    }

    private func build(_ folder: String) throws {
        builds.record(folder)
        try Data("[\"node_modules\"]".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(StoredSetup.list)"))
        try FileManager.default.createDirectory(
            atPath: "\(folder)/kept/0/closed", withIntermediateDirectories: true)
        try Data(count: 100_000).write(to: URL(fileURLWithPath: "\(folder)/kept/0/closed/file"))
        chmod("\(folder)/kept/0/closed", 0o555)
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: home.path("setup")).sorted() }
    }

    @Test func `of many that ask at the same time one builds`() async throws {
        try await withThrowingTaskGroup(of: StoredSetup.self) { group in
            for _ in 0..<10 { group.addTask { try await store.setup("k") { try build($0) } } }
            for try await setup in group { #expect(setup.folders == ["node_modules"]) }
        }
        #expect(builds.elements.count == 1)
        #expect(try names == ["k", "k.lock"])
        _ = try await store.setup("other") { try build($0) }
        #expect(builds.elements.count == 2)
    }

    @Test func `a build that fails leaves nothing, and the next one is another try`() async throws {
        await #expect(throws: Killed.self) {
            try await store.setup("k") { folder in
                try build(folder)
                throw Killed()
            }
        }
        #expect(try names == ["k.lock"])
        #expect(try await store.setup("k") { try build($0) }.folders.count == 1)
    }

    @Test func `what a killed process left half made counts as nothing and goes`() async throws {
        try home.write("setup/k.lock", "")
        try home.write("setup/k.draft-1/kept/0/file", "x")
        try home.write("setup/j.lock", "")
        try home.write("setup/j.draft-2/home/file", "x")
        _ = try await store.setup("k") { try build($0) }
        #expect(builds.elements.count == 1)
        #expect(try names == ["j.draft-2", "j.lock", "k", "k.lock"])
        #expect(try await store.sweep(maxBytes: .max, maxAge: .seconds(3600)) == 1)
        #expect(try names == ["j.lock", "k", "k.lock"])
    }

    @Test func `the least recently used go until the rest fits, and none that is in use`() async throws {
        for (age, key) in [(300.0, "old"), (200.0, "used"), (100.0, "new")] {
            _ = try await store.setup(key) { try build($0) }
            try FileManager.default.setAttributes(
                [.modificationDate: Date().addingTimeInterval(-age)], ofItemAtPath: home.path("setup/\(key).lock"))
        }
        let used = try await store.setup("used") { _ in throw Killed() }
        #expect(try await store.sweep(maxBytes: 250_000, maxAge: .seconds(3600)) == 1)
        #expect(try names.filter { !$0.hasSuffix(".lock") } == ["new", "used"])
        #expect(try await store.sweep(maxBytes: 0, maxAge: .zero) == 1)
        #expect(try names.filter { !$0.hasSuffix(".lock") } == ["used"])
        withExtendedLifetime(used) {}
    }

    @Test func `a sweep of a host without setups does nothing`() async throws {
        #expect(try await store.sweep(maxBytes: 0, maxAge: .zero) == 0)
    }
}
