import Foundation
import Foundations
import Subprocess
import TestSupport

/// Chromium without a window, for tests of pages as people use them.
package enum Browser {
    /// The path of the program; `nil` where none is installed.
    package static let program: String? = {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let names = ["chromium", "chromium-browser", "google-chrome"]
        let paths = names.flatMap { name in folders.map { "\($0)/\(name)" } }
        return paths.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// Everything on this host and nothing else: no updates, no accounts, no profile that lasts.
    private static let options = [
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage",
        "--hide-scrollbars", "--remote-debugging-pipe",
    ]

    /// Runs `body` with a browser of its own, which ends with it.
    package static func run<Value: Sendable>(
        _ body: @escaping @Sendable (BrowserTab) async throws -> Value
    ) async throws -> Value {
        guard let program else { throw BrowserRefusal(description: "no Chromium is installed") }
        let folder = try TemporaryFolder("browser")
        // The browser reads messages from descriptor 3 and writes them to 4.
        let script = "exec setpriv --pdeathsig KILL -- \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>&1"
        let arguments = ["-c", script, "sh", program] + options + ["--user-data-dir=\(folder.path)", "about:blank"]
        return try await Subprocess.run(
            .name("sh"), arguments: Arguments(arguments), input: .inputWriter, output: .sequence, error: .discarded
        ) { execution in
            defer { try? execution.send(signal: .kill) }
            return try await drive(DebuggingPipe(execution.standardInputWriter), execution.standardOutput, body)
        }.closureResult
    }

    private static func drive<Value: Sendable>(
        _ pipe: DebuggingPipe, _ output: SubprocessOutputSequence,
        _ body: @escaping @Sendable (BrowserTab) async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { pipe.end() }
                for try await buffer in output { try pipe.receive(buffer.withUnsafeBytes { [UInt8]($0) }) }
            }
            let value = try await body(try await BrowserTab(pipe))
            _ = try? await pipe.ask("Browser.close")
            group.cancelAll()
            return value
        }
    }
}
