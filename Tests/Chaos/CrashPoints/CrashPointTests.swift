import PlatformSupport
import ServiceKit
import Testing

/// Every service dies at every point of its protocol: each task still ends once, with one of everything.
@Suite(.timeLimit(.minutes(8))) struct CrashPointTests {
    @Test(arguments: CrashGroup.all)
    func `a task survives the death of a service at every point`(_ group: CrashGroup) async throws {
        let start = ContinuousClock.now
        try await CrashStage.with(group.kind) { stage in
            for crash in group.cases {
                do {
                    try await stage.play(crash)
                } catch {
                    Issue.record("\(crash.testDescription): \(error)")
                    try await stage.leave()
                }
            }
        }
        print("\(group.cases.count) deaths of \(group.testDescription): \(ContinuousClock.now - start)")
    }

    @Test func `every step of the protocol is one that some service takes`() {
        let taken = Set(CrashGroup.all.flatMap(\.cases).map(\.point))
        #expect(taken == Set(CrashPoint.allCases))
    }
}
