import Contracts
import Foundations
import GatewayPages
import TaskStore

/// The streams of pages: one a tab, with what changes on that page.
enum PageStreams {
    /// What of a page changes.
    private struct Source: Sendable {
        let page: RoutePath
        /// Begins the stream, by the request of the page and its own.
        let open: @Sendable (_ page: Call, _ call: Call, _ gateway: Gateway) async throws -> any StreamedBody

        init(
            _ page: RoutePath, open: @escaping @Sendable (Call, Call, Gateway) async throws -> any StreamedBody
        ) {
            self.page = page
            self.open = open
        }

        /// - Parameters:
        ///   - scope: The tasks whose events change the page.
        ///   - elements: The elements as they are now.
        init(
            page: RoutePath, scope: @escaping @Sendable (Call) throws -> QueryScope,
            elements: @escaping @Sendable (Call, Gateway) async throws -> [String]
        ) {
            self.init(page) { page, call, gateway in
                try gateway.follower.checkRoom()
                return PageStream(gateway, call, try scope(page)) { try await elements(page, gateway) }
            }
        }
    }

    /// A row a page.
    private static let sources: [Source] = [
        Source(page: "/", scope: { .of($0.caller) }) { call, gateway in
            let (page, visitor) = (try await FleetPages.page(call, gateway), call.visitor)
            let ofPlatform = [page.replicas?.render(for: visitor), page.models?.render(for: visitor)].compactMap { $0 }
            return [
                page.status.render(for: visitor), page.queue.render(for: visitor), page.pushes.render(for: visitor),
                page.charts.render(for: visitor),
            ] + ofPlatform
        },
        Source(page: "/models", scope: { try ModelPages.scope(of: $0.caller) }) { call, gateway in
            let page = try await ModelPages.page(call, gateway)
            return [page.models.render(for: call.visitor), page.charts.render(for: call.visitor)]
        },
        Source(page: RoutePath(Place.tasks), scope: { .of($0.caller) }) { call, gateway in
            try await TaskListPages.page(call, gateway).rows.map { $0.render(for: call.visitor) }
        },
        Source(page: "/queue", scope: { .of($0.caller) }) { call, gateway in
            [try await QueuePages.page(call, gateway).summary.render(for: call.visitor)]
        },
        Source(page: "/tasks/{company}/{project}/{task}", scope: { .task(try $0.task()) }) { call, gateway in
            let task = try await ShownTask(try call.task(), gateway)
            return [task.head.render(for: call.visitor), task.controls.render(for: call.visitor)]
        },
        Source(RoutePath(LogPages.path)) { page, call, gateway in try await LogPages.stream(page, call, gateway) },
    ]

    static let rows: [Route] = [
        Route.page(.get, RoutePath(path), .role(.viewer)) { call, _, gateway in
            let page = try page(call)
            guard
                let (source, parameters) = sources.lazy.compactMap({ source in
                    source.page.match(page.path).map { (source, $0) }
                }).first
            else { throw Problem.unknownPath }
            var shown = page
            shown.parameters = parameters
            if let company = try shown.company(), !call.caller.sees(company) {
                throw Problem.forbidden("the token is of another company")
            }
            return .stream(try await source.open(shown, call, gateway))
        }
    ]

    private static let path = "/stream"

    /// The path of the stream of a page.
    ///
    /// - Parameter more: What else the stream has to know.
    static func path(of page: Call, _ more: [(name: String, value: String?)] = []) -> String {
        Place.query(path, [("at", page.target)] + more)
    }

    /// The request of the page that a stream is of.
    private static func page(_ call: Call) throws(Problem) -> Call {
        var page = try Call(.get, try call.field("at") ?? "", authority: call.authority, isLocal: call.isLocal)
        page.caller = call.caller
        return page
    }
}

/// A stream of the parts of a page: each is sent whole when it has changed.
final class PageStream: StreamedBody {
    /// How often at most: what happens meanwhile is in the next.
    private static let shortestWait: Duration = .milliseconds(250)
    /// What changes without an event, such as what waits.
    private static let longestWait: Duration = .seconds(5)
    /// How many waits make a beat, where nothing changes.
    private static let beat = 3

    private let gateway: Gateway
    private let call: Call
    private let elements: @Sendable () async throws -> [String]
    private let mailbox: Mailbox

    init(
        _ gateway: Gateway, _ call: Call, _ scope: QueryScope,
        elements: @escaping @Sendable () async throws -> [String]
    ) {
        self.gateway = gateway
        self.call = call
        self.elements = elements
        mailbox = Mailbox(scope)
    }

    func end() { mailbox.end() }

    func write(to writer: any StreamWriter) async throws {
        var writer = writer
        let id = try await gateway.follower.join(mailbox)
        defer { gateway.follower.leave(id) }
        try await writer.write(ServerSentEvent.beginning)
        var (sent, quiet): (Set<Int>, Int) = ([], 0)
        while true {
            let now = try await elements()
            let changed = now.filter { !sent.contains($0.hashValue) }
            sent = Set(now.map(\.hashValue))
            if !changed.isEmpty {
                try await writer.write(ServerSentEvent.text(changed.joined(separator: "\n"), name: "patch"))
                quiet = 0
            } else if quiet >= Self.beat {
                guard try await gateway.authentication.mayGoOn(call) else { return }
                try await writer.write(ServerSentEvent.beat())
                quiet = 0
            }
            quiet += 1
            if case .ended = try await mailbox.take(waitingAtMost: Self.longestWait) { return }
            try await Task.sleep(for: Self.shortestWait)
        }
    }
}
