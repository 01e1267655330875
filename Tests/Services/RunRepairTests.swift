import Foundation
import Testing

@testable import NotifierService

@Suite struct RunRepairTests {
    private let outlet = MemoryOutlet()

    private func repair(_ runs: MemoryRuns) -> RunRepair {
        RunRepair(record: runs, outlet: outlet, patience: .seconds(60))
    }

    @Test func `a run whose owner died is announced at once, one whose owner lives is left alone`() async throws {
        let runs = MemoryRuns([
            "dead": .init(state: .leased, time: Date() - 1), "alive": .init(state: .leased, time: Date() + 30),
        ])
        try await repair(runs).takeBack()
        #expect(outlet.subjects == ["dead"])
        #expect(runs["dead"]?.state == .ready && runs["alive"]?.state == .leased)
        // Its announcement is on its way.
        try await repair(runs).announce()
        #expect(outlet.subjects == ["dead"])
    }

    @Test func `what a workflow was told and nobody settled has it begin`() async throws {
        let runs = MemoryRuns(["waited": .init(state: .told, time: Date())])
        try await repair(runs).takeBack()
        #expect(outlet.subjects == ["waited"])
        #expect(runs["waited"]?.state == .ready)
    }

    @Test func `a step that waits goes on when its time has come, and not before`() async throws {
        let runs = MemoryRuns([
            "due": .init(state: .waiting, time: Date() - 1), "later": .init(state: .waiting, time: Date() + 60),
        ])
        try await repair(runs).takeBack()
        #expect(outlet.subjects == ["due"])
        #expect(runs["due"]?.state == .ready && runs["later"]?.state == .waiting)
    }

    @Test func `a run that nobody took is announced again, one that was just announced is not`() async throws {
        let runs = MemoryRuns([
            "passed over": .init(state: .ready, time: Date() - 61), "new": .init(state: .ready, time: Date() - 59),
        ])
        let repair = repair(runs)
        try await repair.announce()
        try await repair.announce()
        #expect(outlet.subjects == ["passed over"])
    }

    @Test func `a task that is overdue ends, and is not announced again`() async throws {
        let runs = MemoryRuns([
            "waits": .init(state: .ready, time: Date() - 90, deadline: Date() - 1),
            "does not end": .init(state: .leased, time: Date() + 30, deadline: Date() - 61),
            "is about to end": .init(state: .leased, time: Date() + 30, deadline: Date() - 59),
        ])
        try await repair(runs).announce()
        #expect(outlet.subjects == ["does not end", "waits"])
        #expect(runs["is about to end"]?.state == .leased)
    }
}
