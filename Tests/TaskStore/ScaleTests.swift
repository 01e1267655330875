import Foundation
import TestSupport
import Testing

@testable import TaskStore

/// No statement may look at more rows because more tasks have ended.
@Suite(.timeLimit(.minutes(30))) struct ScaleTests {
    /// How many tasks have ended: `SCALE_TASKS=1000000` is for a benchmark.
    private static let tasks = ProcessInfo.processInfo.environment["SCALE_TASKS"].flatMap { Int($0) } ?? 100_000
    /// More rows than what is open takes, and far fewer than what has ended.
    private static let bound = 1500.0

    @Test func `no statement of the store scans what grows`() async throws {
        let database = try await GrownDatabase.make(tasks: Self.tasks)
        for generic in [false, true] {
            try await database.withStore(generic: generic) { fixture in
                for round in 0..<2 {
                    let every = EveryOperation(
                        fixture: fixture, label: "\(generic ? "generic" : "custom")-\(round)")
                    try await every.perform()
                    try await every.prune()
                }
            }
        }
        let scans = try database.scans()
        #expect(Set(scans.map(\.statement)).count > 60)
        var seen: Set<String> = []
        for scan in scans.filter({ $0.rows > Self.bound }).sorted(by: { $0.rows > $1.rows })
        where seen.insert(scan.statement).inserted {
            Issue.record("\(Int(scan.rows)) rows in \(scan.node):\n\(scan.statement.prefix(1500))")
        }
        try await database.server.stop()
    }

    /// A new operation has to be called by ``EveryOperation``, so that its statements are looked at.
    @Test func `every operation of the store is looked at`() throws {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let operations = tests.appendingPathComponent("../../Shared/TaskStore/Operations").standardizedFileURL
        let calls =
            try String(contentsOf: tests.appendingPathComponent("EveryOperation.swift"), encoding: .utf8)
            + String(contentsOf: tests.appendingPathComponent("Fixture.swift"), encoding: .utf8)
        var missing: [String] = []
        for file in try FileManager.default.contentsOfDirectory(at: operations, includingPropertiesForKeys: nil) {
            let source = try String(contentsOf: file, encoding: .utf8)
            missing += source.matches(of: #/package func (\w+)\(/#).map { String($0.1) }
                .filter { !calls.contains("store.\($0)(") }
        }
        #expect(missing.isEmpty, "\(missing)")
    }
}
