import BrowserSupport
import Contracts
import Foundations
import PlatformSupport
import TestSupport
import Testing

/// The pages of a whole platform, as somebody with a browser and a token for everything uses them. Tasks that say
/// nothing but what is to be done are of a project that is there.
struct Dashboard: Sendable {
    private static let company = "acme"
    private static let project = "shop"

    let platform: Platform
    let tab: BrowserTab
    /// Whether the pages' own script runs.
    let hasScript: Bool
    private let url: String
    private let token: String

    /// Runs `body` on a platform of its own. Whatever it does, no page may complain, or ask another host.
    static func with(
        _ settings: PlatformSettings, _ remote: GitRemote, hasScript: Bool = true,
        _ body: @escaping @Sendable (Dashboard) async throws -> Void
    ) async throws {
        var settings = settings
        settings.kinds = []
        settings.environment["GATEWAY_PROJECT"] = "\(company)/\(project)"
        try await Platform.with(settings) { platform in
            let url = try await start(platform)
            try await define(remote, platform)
            let token = try await platform.tool(["tokens", "create", "--role", "admin"]).trimmed
            try await Browser.run { tab in
                try await tab.setScript(hasScript)
                let dashboard = Dashboard(platform: platform, tab: tab, hasScript: hasScript, url: url, token: token)
                try await body(dashboard)
                #expect(tab.faults == [])
                #expect(tab.requests.allSatisfy { $0.hasPrefix(url) || $0 == "about:blank" }, "\(tab.requests)")
            }
        }
    }

    /// Starts every service under the name that it has in `automata up`, and returns the address of the gateway.
    private static func start(_ platform: Platform) async throws -> String {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for kind in ServiceKind.allCases {
                let name = "\(kind.rawValue)-1"
                group.addTask { _ = try await platform.start(kind, name: name, environment: ["REPLICA_NAME": name]) }
            }
            try await group.waitForAll()
        }
        try await platform.untilAnswered()
        let gateway = try #require(platform.replicas(of: ServiceKind.gateway).first)
        let line = try await gateway.process.output.first("its port") { $0.contains("HTTP is up") }
        let port = try #require(line.firstMatch(of: #/port=(\d+)/#)?.1)
        return "http://127.0.0.1:\(port)"
    }

    private static func define(_ remote: GitRemote, _ platform: Platform) async throws {
        _ = try await platform.tool([
            "define", "project", "\(company)/\(project)", "--set", "repository.remote_url=\(remote.url)",
            "--set", "validation.commands=\(try Sample.commands.text())",
        ])
    }

    func open(_ path: String) async throws { try await tab.open(url + path) }

    func signIn() async throws {
        try await open("/sign-in")
        try await tab.write(token, into: "input[name=token]")
        try await press("main form button")
        try await sees("document.querySelector('h1').textContent === 'Fleet'")
    }

    /// Adds a task by the form of the first page and returns it, as the platform knows it. Its own page is open then.
    func add(_ description: String, approval: String = "none") async throws -> TaskDraft {
        try await open("/")
        try await tab.write(description, into: "#description")
        try await choose(approval, in: "#new-task select[name=approval]")
        try await press("#new-task button.primary")
        let path = try await tab.evaluate("location.pathname").stringValue ?? ""
        let parts = path.split(separator: "/").map(String.init)
        try #require(parts.count == 4 && parts.starts(with: ["tasks", Self.company, Self.project]), "\(path)")
        var draft = TaskDraft("dashboard", remote: "")
        (draft.company, draft.project, draft.id) = (parts[1], parts[2], parts[3])
        return draft
    }

    /// Gives a field or a list of choices a value.
    func choose(_ value: String, in selector: String) async throws {
        try await tab.evaluate("\(try element(selector)).value = \(try quoted(value))")
    }

    /// Presses what a selector names and waits for what comes of it: another page, or another content of this one. It
    /// is the element that is pressed, whatever moves under a pointer while the page is live.
    func press(_ selector: String) async throws {
        try await tab.evaluate("document.querySelector('main').isOld = true")
        try await tab.evaluate("\(try element(selector)).click()")
        let isThere = "document.readyState === 'complete' && document.querySelector('main') !== null"
        try await tab.wait("\(isThere) && !document.querySelector('main').isOld", "what comes of \(selector)")
    }

    /// Waits until a page shows something by itself. Without script it is asked for again, as it does itself from time
    /// to time.
    func sees(_ expression: String) async throws {
        if hasScript { try await tab.wait(expression) } else { try await finds(expression) }
    }

    /// Waits until a page that is asked for again shows something.
    func finds(_ expression: String) async throws {
        let page = try await tab.evaluate("location.href").stringValue ?? ""
        try await eventually(expression) {
            if try await tab.evaluate(expression) == true { return true }
            try await tab.open(page)
            return false
        }
    }

    private func element(_ selector: String) throws -> String {
        let text = try quoted(selector)
        return "document.querySelector(\(text))"
    }

    private func quoted(_ text: String) throws -> String { try JSONValue.string(text).text() }
}
