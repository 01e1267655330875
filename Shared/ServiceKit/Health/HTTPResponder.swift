import Foundations

/// The least of an HTTP/1.1 server: `GET` and `HEAD`, one request a connection, heads of at most 8 KB.
struct HTTPResponder: Sendable {
    typealias Route = @Sendable () async -> HTTPAnswer

    private let listener: ListeningSocket
    private let inbox: HTTPInbox
    private let timeLimit: Duration
    private let executor = BlockingExecutor(label: "health")

    /// Listens; port 0 takes a free one. No connection lives longer than `timeLimit`.
    init(port: UInt16, timeLimit: Duration = .seconds(5)) throws {
        self.timeLimit = timeLimit
        listener = try ListeningSocket(port: port)
        inbox = try HTTPInbox()
    }

    /// The port it listens on.
    var port: UInt16 { listener.port }

    /// Serves what stands at each path until the task is cancelled.
    func run(_ routes: [String: Route]) async throws {
        let (requests, continuation) = AsyncStream<(id: Int, line: HTTPRequestLine)>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await serve(continuation) }
            await withDiscardingTaskGroup { answers in
                for await (id, line) in requests {
                    answers.addTask { [inbox] in inbox.answer(id, with: await Self.answer(line, routes)) }
                }
                answers.cancelAll()
            }
            try await group.waitForAll()
        }
    }

    private func serve(_ requests: HTTPLoop.Requests) async throws {
        try await withTaskCancellationHandler {
            try await executor.run { [listener, inbox, timeLimit] in
                var loop = HTTPLoop(
                    listener: listener, inbox: inbox, requests: requests, timeLimit: timeLimit)
                loop.run()
            }
        } onCancel: {
            inbox.stop()
        }
    }

    private static func answer(_ line: HTTPRequestLine, _ routes: [String: Route]) async -> HTTPAnswer {
        guard let route = routes[line.path] else { return HTTPAnswer(.unknownPath, "not found\n") }
        guard ["GET", "HEAD"].contains(line.method) else { return HTTPAnswer(.wrongMethod, "only GET and HEAD\n") }
        return await route()
    }
}
