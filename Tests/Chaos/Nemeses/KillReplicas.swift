import Contracts
import PlatformSupport
import TestSupport

/// Kills a random replica of a random service (SIGKILL); it is started again.
struct KillReplicas: Nemesis {
    private let installation: Installation
    /// Which executables it may hit; those that work longest come more often.
    private let programs =
        (ServiceKind.allCases + [.coder, .coder, .coder, .validator]).map(\.executable) + [Coordinator.program]
    init(_ installation: Installation) { self.installation = installation }

    var rest: ClosedRange<Double> { 0.3...1.5 }

    func inject(_ random: inout SeededGenerator) async throws {
        let program = programs.randomElement(using: &random)
        let victims = installation.supervisor.running.filter { $0.program == program }
        guard let victim = victims.randomElement(using: &random) else { return }
        _ = try await installation.supervisor.end(victim) { try await $0.kill9() }
    }
}
