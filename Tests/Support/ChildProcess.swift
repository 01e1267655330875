import Foundation
import Foundations
import Glibc
import Subprocess
import Synchronization

/// A child process that lives at most as long as this process, however this process ends.
///
/// The kernel kills it when the thread that spawned it ends (prctl(2), PR_SET_PDEATHSIG). Subprocess spawns everything
/// on one thread that lasts as long as this process.
final class ChildProcess: Sendable {
    private struct State {
        var processID: Int32?
        var exitStatus: Int32?
        var failure: (any Error)?
    }

    private let state = Mutex(State())

    /// Opens when the process has ended or could not be started.
    let exited = Gate()

    /// Every line of its output and error output.
    let output = Recorder<String>()

    /// Starts `arguments`, found through `PATH`; the output is also appended to the file `log`.
    static func start(
        _ arguments: [String], environment: Subprocess.Environment, user: String?, log: String
    ) async throws -> ChildProcess {
        let child = ChildProcess()
        let started = Gate()
        let arguments = Arguments(guarded(arguments, user: user))
        Task {
            do {
                let outcome = try await run(
                    .name("setpriv"), arguments: arguments, environment: environment, input: .none,
                    output: .sequence, error: .combinedWithOutput
                ) { execution in
                    child.state.withLock { $0.processID = execution.processIdentifier.value }
                    started.open()
                    try await child.read(execution.standardOutput, log: log)
                }
                child.finish(outcome.terminationStatus)
            } catch {
                child.state.withLock { $0.failure = error }
                child.finish(.exited(127))
                started.open()
            }
        }
        try await started.wait("the start of \(arguments)")
        if let failure = child.state.withLock({ $0.failure }) { throw failure }
        return child
    }

    /// The id of the process while it runs.
    var processID: Int32? { state.withLock { $0.processID } }

    /// The exit status once it has ended: 0…255, or 128 + the signal's number.
    var exitStatus: Int32? { state.withLock { $0.exitStatus } }

    /// Sends a signal, unless the process has ended.
    func send(_ signal: Int32) {
        state.withLock { state in
            if let child = state.processID { _ = kill(child, signal) }
        }
    }

    /// `setpriv` sets the death signal after it has changed the user, which would clear it.
    private static func guarded(_ arguments: [String], user: String?) -> [String] {
        let identity = user.map { ["--reuid=\($0)", "--regid=\(primaryGroup(of: $0))", "--init-groups"] } ?? []
        return identity + ["--pdeathsig", "KILL", "--"] + arguments
    }

    private static func primaryGroup(of user: String) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        getpwnam_r(user, &entry, &buffer, buffer.count, &found)
        return found.map { String($0.pointee.pw_gid) } ?? user
    }

    private func finish(_ status: TerminationStatus) {
        state.withLock { state in
            state.processID = nil
            state.exitStatus =
                switch status {
                case .exited(let code): code
                case .signaled(let signal): 128 + signal
                }
        }
        exited.open()
    }

    private func read(_ stream: SubprocessOutputSequence, log: String) async throws {
        let file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        defer { if file >= 0 { close(file) } }
        var pending: [UInt8] = []
        for try await buffer in stream {
            let bytes = buffer.withUnsafeBytes { [UInt8]($0) }
            if file >= 0 { _ = write(file, bytes, bytes.count) }
            var lines = (pending + bytes).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            pending = Array(lines.removeLast())
            for line in lines { output.record(String(decoding: line, as: UTF8.self)) }
        }
        if !pending.isEmpty { output.record(String(decoding: pending, as: UTF8.self)) }
    }
}
