import Contracts
import Foundations
import GatewayPages
import TaskStore

/// The streams of pages: one a tab, with what changes on that page.
enum PageStreams {
    /// What of a page changes, and the tasks whose events change it.
    struct Source: Sendable {
        let scope: @Sendable (Call) throws -> QueryScope
        /// The elements as they are now.
        let elements: @Sendable (Call, Gateway) async throws -> [String]
    }

    /// A row a page.
    private static let sources: [String: Source] = [
        "fleet": Source(scope: { .of($0.caller) }) { call, gateway in
            let page = try await FleetPages.page(call, gateway)
            let visitor = call.visitor
            return [
                page.status.render(for: visitor), page.replicas.render(for: visitor), page.queue.render(for: visitor),
                page.models.render(for: visitor), page.pushes.render(for: visitor),
            ]
        },
        "tasks": Source(scope: { .of($0.caller) }) { call, gateway in
            try await TaskListPages.page(call, gateway).rows.map { $0.render(for: call.visitor) }
        },
        "queue": Source(scope: { .of($0.caller) }) { call, gateway in
            [try await QueuePages.page(call, gateway).summary.render(for: call.visitor)]
        },
        "task": Source(scope: { .task(try address($0)) }) { call, gateway in
            let task = try await ShownTask(try address(call), gateway)
            return [task.head.render(for: call.visitor), task.controls.render(for: call.visitor)]
        },
    ]

    static let rows: [Route] = [
        Route.page(.get, "/stream", .role(.viewer)) { call, _, gateway in
            guard let source = try call.field("page").flatMap({ sources[$0] }) else { throw Problem.unknownPath }
            try gateway.follower.checkRoom()
            let scope = try source.scope(call)
            if case .task(let address) = scope, !call.caller.sees(address.company) {
                throw Problem.forbidden("the token is of another company")
            }
            return .stream(PageStream(gateway, call, scope) { try await source.elements(call, gateway) })
        }
    ]

    /// The path of the stream of a page.
    ///
    /// - Parameter target: The page's path and query: what it shows depends on the query.
    static func path(_ page: String, _ target: String, of task: TaskName? = nil) -> String {
        let query = target.split(separator: "?", maxSplits: 1).dropFirst().first.map { "&" + $0 } ?? ""
        let named = [("page", page), ("of", task?.text)] as [(name: String, value: String?)]
        return Place.query("/stream", named) + query
    }

    private static func address(_ call: Call) throws(Problem) -> TaskAddress {
        let parts = (try call.field("of") ?? "").split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let company = CompanyID(parts[0]), let project = ProjectID(parts[1]),
            let task = TaskID(parts[2])
        else { throw .malformed("of: expected COMPANY/PROJECT/TASK") }
        return TaskAddress(company: company, project: project, task: task)
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
