import Glibc
import PlatformSupport
import ServiceKit
import TestSupport
import Testing
import Worker

/// Who coordinates dies at every point of its protocol, or hears that what it did failed: no parent waits for ever, no child
/// is there twice, and each is told of once.
@Suite(.timeLimit(.minutes(8))) struct FamilyCrashTests {
    private static let points = StageWorker.crashSteps.flatMap { [CrashPoint.before($0), .after($0)] }

    @Test(arguments: FamilyDrill.Phase.allCases)
    func `a family survives the death of its coordinator at every point`(_ phase: FamilyDrill.Phase) async throws {
        try await Platform.with(FamilyDrill.platform) { platform in
            for point in Self.points {
                do {
                    try await Self.play(platform, dying: point, in: phase)
                } catch {
                    Issue.record("\(point.rawValue) of \(phase): \(error)")
                }
                try await Self.stopCoordinators(of: platform)
            }
        }
    }

    /// The coordinator of one phase is one that dies, and another takes over.
    private static func play(_ platform: Platform, dying point: CrashPoint, in fatal: FamilyDrill.Phase) async throws {
        try await FamilyDrill(on: platform).play("\(point.rawValue) of \(fatal)") { phase, begin in
            guard phase == fatal else {
                try await startCoordinator(of: platform)
                return try await begin()
            }
            try await stopCoordinators(of: platform)
            let armed = try await arm(platform, point)
            try await begin()
            let status = try await armed?.process.waitForExit(within: .seconds(30))
            #expect(status == nil || status == 128 + SIGKILL, "\(point.rawValue) of \(phase)")
            try await startCoordinator(of: platform)
        }
    }

    /// `nil` if it died at once.
    private static func arm(_ platform: Platform, _ point: CrashPoint) async throws -> RunningService? {
        do {
            return try await platform.startCoordinator(
                "coordinator-armed", environment: ["AUTOMATA_CRASH_AT": point.rawValue])
        } catch let error as ServerProcess.NotReady where error.exitStatus == 128 + SIGKILL {
            return nil
        }
    }

    private static func startCoordinator(of platform: Platform) async throws {
        guard platform.replicas(of: Coordinator.program).isEmpty else { return }
        _ = try await platform.startCoordinator("coordinator-spare")
    }

    private static func stopCoordinators(of platform: Platform) async throws {
        for service in platform.replicas(of: Coordinator.program) { try await service.process.stop() }
    }

    @Test func `a commit of a coordinator is done and not confirmed`() async throws {
        try await CutInstallation.withCoordinator { cut in
            // It claims, records the children, waits; claims and waits; claims and ends.
            for number in 1...7 { try await cut.playFamily("commit", cut.commits, number) }
        }
    }

    @Test func `a message of a coordinator is stored and not acknowledged`() async throws {
        try await CutInstallation.withCoordinator { cut in
            // The start of each child, and the permits of two.
            for number in 1...5 { try await cut.playFamily("publish", cut.publishes, number) }
        }
    }
}
