import PlatformSupport
import Synchronization
import TestSupport

/// Asks one replica after the other to end (SIGTERM), as a deployment does.
final class RollingRestart: Nemesis {
    private let installation: Installation
    private let position = Mutex(0)
    /// What was not as it should be, as lines for people.
    let complaints = Recorder<String>()
    /// How long services took to end.
    let times = Recorder<Duration>()
    let rest = 0.1...0.4

    init(_ installation: Installation) { self.installation = installation }

    func inject(_ random: inout SeededGenerator) async throws {
        let running = installation.supervisor.running
        guard !running.isEmpty else { return }
        let victim = running[
            position.withLock { position in
                position += 1
                return position
            } % running.count]
        await installation.supervisor.end(victim) { process in
            let start = ContinuousClock.now
            defer { times.record(ContinuousClock.now - start) }
            if let complaint = await Installation.end(process, victim.log) { complaints.record(complaint) }
        }
    }
}
