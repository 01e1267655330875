import Foundations
import Subprocess

/// A host program to start with exactly this environment.
struct Invocation: Sendable {
    /// Looked up in the `PATH` of `environment`.
    let program: String
    let arguments: [String]
    let environment: [String: String]
}

/// One run of a program: collects its output and ends it when it goes beyond its limits.
struct ProcessRun: Sendable {
    let invocation: Invocation
    let workTree: String
    let timeout: Duration
    let limits: SandboxLimits

    private typealias Interruption = CommandOutcome.Interruption
    private typealias Process = Execution<NoInput, SequenceOutput, CombinedErrorOutput>

    private enum Event: Sendable {
        case output(OutputWindow, Interruption?)
        case interruption(Interruption)
        case none
    }

    func outcome() async throws -> CommandOutcome {
        let start = ContinuousClock.now
        var options = PlatformOptions()
        options.createSession = true
        // On cancellation the whole group goes at once: killing its first process alone can leave a half-made namespace.
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(100))
        ]
        let result = try await Subprocess.run(
            .name(invocation.program), arguments: Arguments(invocation.arguments),
            environment: .custom(
                Dictionary(
                    uniqueKeysWithValues: invocation.environment.map { (Environment.Key(stringLiteral: $0), $1) })),
            platformOptions: options, input: .none, output: .sequence, error: .combinedWithOutput
        ) { process in
            let (window, interruption) = await supervise(process)
            // Whatever it started shares its session; in a sandbox the namespace has ended them already.
            try? process.send(signal: .kill, toProcessGroup: true)
            return (window, interruption)
        }
        try Task.checkCancellation()
        let (window, interruption) = result.closureResult
        return CommandOutcome(
            exitCode: interruption == .timeout ? 124 : Self.exitCode(result.terminationStatus), output: window.text,
            truncatedBytes: window.cut, interruption: interruption, duration: start.duration(to: .now))
    }

    private func supervise(_ process: Process) async -> (OutputWindow, Interruption?) {
        await withTaskGroup(of: Event.self) { group in
            group.addTask { await read(process) }
            group.addTask { await watch() }
            var reason: Interruption?
            while let event = await group.next() {
                switch event {
                case .output(let window, let flood):
                    group.cancelAll()
                    return (window, reason ?? flood)
                case .interruption(let interruption):
                    reason = interruption
                    try? process.send(signal: .kill, toProcessGroup: true)
                case .none:
                    break
                }
            }
            return (OutputWindow(size: 1), reason)
        }
    }

    /// Reads to the end of the output, or until there is too much of it.
    private func read(_ process: Process) async -> Event {
        var window = OutputWindow(size: limits.keptOutputBytes)
        do {
            for try await buffer in process.standardOutput {
                buffer.withUnsafeBytes { window.append($0) }
                if window.total > limits.outputBytes { return .output(window, .outputLimit) }
            }
        } catch {}
        return .output(window, nil)
    }

    /// Returns when the time is over or the work tree is too large; nothing if it is cancelled first.
    private func watch() async -> Event {
        let deadline = ContinuousClock.now + timeout
        var pause = Duration.seconds(1)
        while ContinuousClock.now < deadline {
            let next = min(deadline, ContinuousClock.now + pause)
            guard (try? await Task.sleep(until: next, clock: .continuous)) != nil else { return .none }
            guard next < deadline else { break }
            let start = ContinuousClock.now
            if await WorkTreeFiles.exceeds(workTree, limits) { return .interruption(.diskLimit) }
            // Large trees take long to walk: spend a tenth of the time on it at most.
            pause = max(.seconds(1), start.duration(to: .now) * 10)
        }
        return .interruption(.timeout)
    }

    private static func exitCode(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}
