import FlyingFox
import FlyingSocks
import Foundation
import Foundations
import Synchronization

/// An OpenAI-compatible HTTP server that plays a script.
///
/// It answers `POST /v1/chat/completions` (streamed and not), `GET /v1/models` and `GET /stats`.
package final class ScriptedModelServer: Sendable {
    /// Where the server listens and what it asks of clients.
    package struct Options: Sendable {
        /// The IPv4 address to listen on.
        package var host = "127.0.0.1"
        /// The TCP port; 0 takes a free one.
        package var port: UInt16 = 0
        /// The bearer token that requests must carry; `nil` accepts all.
        package var requiredKey: Secret?
        /// Where to testify what was asked and answered.
        package var witness: Witness?

        package init() {}
    }

    private let script: Script
    private let options: Options
    private let counters = Statistics()
    private let running = Mutex<Task<Void, any Error>?>(nil)

    package init(script: Script, options: Options = Options()) {
        self.script = script
        self.options = options
    }

    deinit { running.withLock { $0?.cancel() } }

    /// What the server has seen so far.
    package var statistics: StatisticsSnapshot { counters.snapshot }

    /// Serves in the background until ``stop()`` or the last reference goes away.
    ///
    /// - Returns: The base URL for clients, such as `http://127.0.0.1:40123/v1`.
    package func start() async throws -> String {
        let server = try makeServer()
        running.withLock { $0 = Task { try await server.run() } }
        return try await address(of: server) + "/v1"
    }

    /// Closes every connection and the port.
    package func stop() async {
        let task = running.withLock { running in
            defer { running = nil }
            return running
        }
        task?.cancel()
        _ = await task?.result
    }

    /// Serves until the task is cancelled; calls `onListening` with the address once it accepts connections.
    package func run(onListening: @escaping @Sendable (String) -> Void) async throws {
        let server = try makeServer()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            onListening(try await address(of: server))
            try await group.waitForAll()
        }
    }

    private func makeServer() throws -> HTTPServer {
        let endpoint = ModelEndpoint(
            models: script.models, requiredKey: options.requiredKey, statistics: counters,
            completions: CompletionHandler(script: script, statistics: counters, witness: options.witness))
        return HTTPServer(
            address: try .inet(ip4: options.host, port: options.port), timeout: 86_400,
            pool: PromptSocketPool(base: HTTPServer.defaultPool()), logger: .disabled, handler: endpoint)
    }

    private func address(of server: HTTPServer) async throws -> String {
        try await server.waitUntilListening()
        guard case .ip4(let host, let port)? = await server.listeningAddress else { throw SocketError.disconnected }
        return "http://\(host):\(port)"
    }
}
