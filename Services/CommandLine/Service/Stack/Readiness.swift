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

    /// Waits until a service answers `/readyz` with 200, whose supervisor may start it again meanwhile.
    func wait(for service: SupervisedService, _ client: HTTPClient) async throws {
        let url = "http://127.0.0.1:\(service.healthPort)/readyz"
        let status = { (try? SupervisedProcess.load(paths))?[service.name]?.status }
        try await wait(for: service.name, endedWith: status) {
            let answer = try? await client.send(HTTPRequest(method: "GET", url: url, timeout: .seconds(5)))
            return answer?.status == 200
        }
    }

    /// Waits until a server accepts connections.
    func wait(for process: StackProcess, port: Int) async throws {
        let status = { ProcessTable.waitForEnd(process.pid, options: WNOHANG) }
        try await wait(for: process.name, endedWith: status) { LoopbackPort.answers(port) }
    }

    private func wait(
        for name: String, endedWith status: () -> Int32?, _ isReady: () async -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while await !isReady() {
            // Nothing tells the parent of a process that it listens: it has to be asked.
            try await Task.sleep(for: .milliseconds(10))
            guard let status = status() else {
                guard ContinuousClock.now < deadline else { throw failure(name, "is not ready after \(limit)") }
                continue
            }
            throw failure(name, "ended with status \(status) at its start")
        }
    }

    private func failure(_ name: String, _ what: String) -> Failure {
        let log = FileManager.default.contents(atPath: paths.log(name)) ?? Data()
        let lines = String(decoding: log.suffix(4000), as: UTF8.self).split(separator: "\n").suffix(10)
        let text =
            (["\(name) \(what); its log (\(paths.log(name))) ends with:"] + lines.map(String.init))
        return Failure(text.joined(separator: "\n  "), Exit.settings)
    }
}
