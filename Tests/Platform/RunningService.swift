import Contracts
import Foundation
import TestSupport

/// A service executable that runs as a child process, with a home of its own.
package final class RunningService: Sendable {
    /// Which service it is, or has the rights of.
    package let kind: ServiceKind
    /// The name of its executable.
    package let program: String
    /// Its `AUTOMATA_HOME`.
    package let home: String
    /// The file that its output goes to.
    package let log: String
    /// Where it serves `/healthz`, `/readyz` and `/metrics`.
    package let healthURL: String
    /// The process itself.
    package let process: ServerProcess

    /// Starts it and returns when it is connected and its health endpoints are up.
    ///
    /// - Parameter program: Its executable, where that is not the service's own.
    package init(
        _ kind: ServiceKind, program: String? = nil, name: String, in folder: TemporaryFolder,
        environment: [String: String]
    ) async throws {
        self.kind = kind
        self.program = program ?? kind.executable
        home = folder.path("\(name)-home")
        log = folder.path("\(name).log")
        process = try await ServerProcess(
            [try Executables.path(self.program)],
            environment: environment.merging(["AUTOMATA_HOME": home]) { given, _ in given }, cleanEnvironment: true,
            log: log, ready: .line("service started"))
        healthURL = try await Self.healthURL(of: process)
    }

    /// Where a service serves its health endpoints, once it does.
    package static func healthURL(of process: ServerProcess) async throws -> String {
        let line = try await process.output.first { $0.contains("health endpoints are up") }
        return "http://127.0.0.1:\(line.firstMatch(of: #/port=(\d+)/#)?.1 ?? "0")"
    }
}
