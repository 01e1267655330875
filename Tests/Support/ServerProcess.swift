import Foundation
import Foundations
import Glibc
import Subprocess

/// A real program run as a fixture: started, awaited until it is ready, and gone when the test process is gone.
package final class ServerProcess: Sendable {
    /// What tells that a program is ready.
    package enum Readiness: Sendable {
        /// Its output holds a line with this text.
        case line(String)
        /// It accepts connections on this port of 127.0.0.1.
        case port(Int)
        /// It is ready as soon as it runs.
        case started
    }

    /// The program ended before it was ready.
    package struct NotReady: Error, CustomStringConvertible {
        package let program: String
        package let exitStatus: Int32?
        /// The end of what it wrote.
        package let output: String

        package var description: String {
            "\(program) ended with status \(exitStatus.map(String.init) ?? "?") before it was ready:\n\(output)"
        }
    }

    private let child: ChildProcess
    private let program: String

    /// Starts a program and returns when it is ready.
    ///
    /// - Parameters:
    ///   - arguments: The program, found through `PATH`, and its arguments.
    ///   - environment: Added to the environment of this process, or besides `PATH` all there is if `cleanEnvironment`.
    ///   - user: Run as this user, which only root can ask for.
    ///   - log: The file that its output is appended to.
    ///   - ready: What tells that it is ready.
    ///   - duration: How long that may take.
    package init(
        _ arguments: [String], environment: [String: String] = [:], cleanEnvironment: Bool = false,
        user: String? = nil, log: String = "/dev/null", ready: Readiness = .started,
        within duration: Duration = Deadline.usual
    ) async throws {
        program = arguments.first ?? ""
        let own = ProcessInfo.processInfo.environment
        let variables = (cleanEnvironment ? own.filter { $0.key == "PATH" } : own).merging(environment) { _, new in new
        }
        let named = Dictionary(
            uniqueKeysWithValues: variables.map { (Subprocess.Environment.Key(stringLiteral: $0), $1) })
        child = try await ChildProcess.start(arguments, environment: .custom(named), user: user, log: log)
        do {
            try await waitUntil(ready, within: duration)
        } catch {
            child.send(SIGKILL)
            throw error
        }
    }

    deinit { child.send(SIGKILL) }

    /// Every line of its output and error output, in order; a test can wait for one.
    package var output: Recorder<String> { child.output }

    /// The id of the process while it runs.
    package var processID: Int32? { child.processID }

    /// 0…255, or 128 + the number of the signal that ended it; `nil` while it runs.
    package var exitStatus: Int32? { child.exitStatus }

    package var isRunning: Bool { child.processID != nil }

    /// Asks it to end (SIGTERM), kills it after `grace`, and returns its exit status when it is gone.
    @discardableResult
    package func stop(grace: Duration = .seconds(10)) async throws -> Int32 {
        child.send(SIGCONT)
        child.send(SIGTERM)
        do { return try await waitForExit(within: grace) } catch is DeadlineExceeded { return try await kill9() }
    }

    /// Kills it (SIGKILL) and returns its exit status when it is gone.
    @discardableResult
    package func kill9() async throws -> Int32 {
        child.send(SIGKILL)
        return try await waitForExit()
    }

    /// Freezes it (SIGSTOP): its connections stay open, and nothing answers.
    package func pause() { child.send(SIGSTOP) }

    /// Lets it go on after ``pause()`` (SIGCONT).
    package func resume() { child.send(SIGCONT) }

    /// Sends any signal.
    package func send(signal: Int32) { child.send(signal) }

    /// Waits until it has ended by itself and returns its exit status.
    @discardableResult
    package func waitForExit(within duration: Duration = Deadline.usual) async throws -> Int32 {
        try await child.exited.wait("the end of \(program)", within: duration)
        return child.exitStatus ?? -1
    }

    private func waitUntil(_ ready: Readiness, within duration: Duration) async throws {
        try await Deadline.limit("\(program) is ready", within: duration) { [child, program] in
            try await Deadline.first {
                try await Self.signal(of: ready, from: child)
            } or: {
                if case .started = ready { return try await Self.signal(of: ready, from: child) }
                try await child.exited.wait(within: nil)
                let tail = child.output.elements.suffix(20).joined(separator: "\n")
                throw NotReady(program: program, exitStatus: child.exitStatus, output: tail)
            }
        }
    }

    private static func signal(of ready: Readiness, from child: ChildProcess) async throws {
        switch ready {
        case .started: return
        case .line(let text): try await child.output.first(within: nil) { $0.contains(text) }
        case .port(let port):
            // Nothing tells when another process starts to listen.
            while !FreePort.accepts(port) { try await Deadline.elapse(.milliseconds(5)) }
        }
    }
}
