import Foundations
import Subprocess
import SystemPackage

/// One run of a program: collects its output and ends it when it goes beyond its limits.
struct ProcessRun: Sendable {
    let invocation: Invocation
    let command: SandboxCommand
    let memory: MemoryLimit

    private var limits: SandboxLimits { command.limits }
    /// The folders that the command may fill.
    private var watched: [String] { [command.workTree] + command.mounts.filter { $0.kind == .writable }.map(\.source) }
    private typealias Interruption = CommandOutcome.Interruption
    private typealias Process = Execution<FileDescriptorInput, SequenceOutput, CombinedErrorOutput>

    private enum Event: Sendable {
        case output(OutputWindow, Interruption?)
        case interruption(Interruption)
        case none
    }

    func outcome() async throws -> CommandOutcome {
        guard case .controlGroup(let groups) = memory else { return try await run(in: nil) }
        let group = try await groups.make(limits)
        do {
            var outcome = try await run(in: group)
            if await groups.remove(group) { outcome.interruption = outcome.interruption ?? .memoryLimit }
            return outcome
        } catch {
            _ = await groups.remove(group)
            throw error
        }
    }

    private func run(in group: ControlGroup?) async throws -> CommandOutcome {
        let start = ContinuousClock.now
        var options = PlatformOptions()
        options.createSession = true
        // On cancellation the whole group goes at once: killing its first process alone can leave a half-made namespace.
        options.teardownSequence = [
            .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(100))
        ]
        let result = try await Subprocess.run(
            .path("/bin/sh"), arguments: Arguments(invocation.shellArguments(group: group)),
            environment: .custom(
                Dictionary(
                    uniqueKeysWithValues: invocation.environment.map { (Environment.Key(stringLiteral: $0), $1) })),
            platformOptions: options,
            input: .fileDescriptor(try invocation.input(), closeAfterSpawningProcess: true), output: .sequence,
            error: .combinedWithOutput
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
            group.addTask { await watch(process.processIdentifier.value) }
            if case .watched = memory {
                let watch = MemoryWatch(root: process.processIdentifier.value, limit: limits.memoryBytes)
                group.addTask { await watch.exceeded() ? .interruption(.memoryLimit) : .none }
            }
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
    private func watch(_ process: Int32) async -> Event {
        let deadline = ContinuousClock.now + command.timeout
        var pause = Duration.seconds(1)
        while ContinuousClock.now < deadline {
            let next = min(deadline, ContinuousClock.now + pause)
            guard (try? await Task.sleep(until: next, clock: .continuous)) != nil else { return .none }
            guard next < deadline else { break }
            let start = ContinuousClock.now
            for folder in watched {
                guard await !WorkTreeFiles.exceeds(folder, limits, heldBy: process) else {
                    return .interruption(.diskLimit)
                }
            }
            pause = Self.pause(lookTook: start.duration(to: .now))
        }
        return .interruption(.timeout)
    }

    /// Large trees take long to walk: a tenth of the time is spent on it, unless a tree is so large that it could grow
    /// far beyond its limit meanwhile.
    static func pause(lookTook: Duration) -> Duration { min(max(.seconds(1), lookTook * 10), .seconds(5)) }

    private static func exitCode(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}
