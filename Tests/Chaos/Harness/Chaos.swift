import Foundation
import PlatformSupport
import TestSupport
import Testing

/// The tests under faults; each has a machine's worth of processes, so they run one after the other.
@Suite(.serialized, .timeLimit(.minutes(30))) struct Chaos {
    /// Runs a load under a nemesis on an installation of its own, and checks what the witnesses saw.
    static func run(
        _ parts: InstallationParts, configure: (inout ChaosRun) -> Void = { _ in },
        under nemesis: (Installation) async throws -> any Nemesis,
        and more: (Testimony) -> Void = { _ in }
    ) async throws {
        let start = ContinuousClock.now
        let installation = try await Installation(parts)
        var run = ChaosRun(installation)
        configure(&run)
        let nemesis = try await nemesis(installation)
        let tasks = run.loads.reduce(0) { $0 + $1.count }
        print("chaos \(nemesis.name): CHAOS_SEED=\(run.seed), \(tasks) tasks, \(run.families.count) families")
        do {
            let testimony = try await run.testimony(under: nemesis)
            print("chaos \(nemesis.name): \(Summary(testimony)) in \(ContinuousClock.now - start)")
            await check(testimony, nemesis, run)
            more(testimony)
        } catch {
            Issue.record("\(nemesis.name), CHAOS_SEED=\(run.seed): \(error)")
        }
        let endings = await installation.endServices()
        #expect(endings == [], "\(nemesis.name), CHAOS_SEED=\(run.seed)")
        try await installation.stop()
    }

    private static func check(_ testimony: Testimony, _ nemesis: any Nemesis, _ run: ChaosRun) async {
        let violations = Checker.violations(in: testimony)
        guard !violations.isEmpty else { return }
        var report =
            "\(nemesis.name), CHAOS_SEED=\(run.seed):\n" + violations.map(\.description).joined(separator: "\n")
        let diagnosis = Diagnosis(run.installation)
        for task in Set(violations.compactMap(\.task)).sorted().prefix(2) {
            report += "\n" + (await diagnosis.log(of: task))
        }
        Issue.record("\(report)")
    }
}
