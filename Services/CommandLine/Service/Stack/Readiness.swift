import Foundation
import LocalServers
import Transfer

#if canImport(Glibc)
import Glibc
#endif

/// Waits until what `automata up` started can work; says what its log ends with if it cannot.
struct Readiness: Sendable {
    let paths: StackPaths
    private let limit: Duration = .seconds(30)

    /// Waits until a service answers `/readyz` with 200.
    func wait(for process: StackProcess, _ client: HTTPClient) async throws {
        let url = "http://127.0.0.1:\(process.healthPort ?? 0)/readyz"
        try await wait(for: process) {
            let answer = try? await client.send(HTTPRequest(method: "GET", url: url, timeout: .seconds(5)))
            return answer?.status == 200
        }
    }

    /// Waits until a server accepts connections.
    func wait(for process: StackProcess, port: Int) async throws {
        try await wait(for: process) { LoopbackPort.answers(port) }
    }

    private func wait(for process: StackProcess, _ isReady: () async -> Bool) async throws {
        let deadline = ContinuousClock.now + limit
        while await !isReady() {
            // Nothing tells the parent of a process that it listens: it has to be asked.
            try await Task.sleep(for: .milliseconds(10))
            guard let status = Self.exitStatus(process) else {
                guard ContinuousClock.now < deadline else { throw failure(process, "is not ready after \(limit)") }
                continue
            }
            throw failure(process, "ended with status \(status) at its start")
        }
    }

    /// 0…255, or 128 + the number of the signal that ended it; `nil` while it runs.
    private static func exitStatus(_ process: StackProcess) -> Int32? {
        var status: Int32 = 0
        guard waitpid(process.pid, &status, WNOHANG) == process.pid else { return nil }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    private func failure(_ process: StackProcess, _ what: String) -> Failure {
        let log = FileManager.default.contents(atPath: paths.log(process.name)) ?? Data()
        let lines = String(decoding: log.suffix(4000), as: UTF8.self).split(separator: "\n").suffix(10)
        let text =
            (["\(process.name) \(what); its log (\(paths.log(process.name))) ends with:"] + lines.map(String.init))
        return Failure(text.joined(separator: "\n  "), Exit.settings)
    }
}
