import Contracts
import Foundation
import Foundations
import Testing

@testable import GatewayService

/// Every route, asked by everybody.
@Suite struct RouteAccessTests {
    /// Who asks, and the rank of what they may: 0 nothing, 1 reading, 2 changing tasks, 3 everything.
    enum Asker: CaseIterable, CustomTestStringConvertible {
        case nobody, stranger, viewer, `operator`, admin, otherCompany, browserViewer, browserWithoutForm, thisHost

        var rank: Int {
            switch self {
            case .nobody, .stranger: 0
            case .viewer, .browserViewer, .thisHost: 1
            case .operator: 2
            case .admin, .otherCompany, .browserWithoutForm: 3
            }
        }

        var testDescription: String { "\(self)" }
    }

    /// What each route asks for, written down here and not taken from the table: whoever adds a route says it twice.
    private static func rank(_ route: Route) -> Int {
        switch (route.method, route.path.text) {
        case (_, "/healthz"), (_, "/readyz"), (_, "/sign-in"): 0
        case (.get, let path) where path.hasPrefix("/assets/"): 0
        case (.get, "/tasks/new"): 2
        case (.get, _), (.post, "/actions/sign-out"): 1
        case (.post, let path) where path.hasPrefix("/actions/tasks"): 2
        case (.post, "/api/task"), (.post, "/api/v1/tasks"): 2
        case (.post, let path) where path.hasSuffix("/control") || operation.contains(where: path.hasPrefix): 2
        case (_, let path) where path.hasPrefix("/actions/projects") || path.contains("/projects/"): 2
        case (.post, let path) where path.hasPrefix("/api/v1/tasks/"): 2
        default: 3
        }
    }

    private static let operation = [
        "/actions/platform", "/actions/companies", "/actions/replicas", "/actions/reports",
    ]

    private func address(_ route: Route) -> String {
        route.path.text.replacing("{company}", with: "acme").replacing("{project}", with: "web")
            .replacing("{task}", with: "fix").replacing("{name}", with: "x").replacing("{id}", with: "x")
    }

    private func ask(_ route: Route, _ asker: Asker) async throws -> Answer {
        let fixture = Fixture(isOpen: asker == .thisHost)
        var headers = json
        var token: Secret?
        switch asker {
        case .nobody, .thisHost: break
        case .stranger: token = Secret("automata_nobody")
        case .viewer: token = fixture.record.token(.viewer)
        case .operator: token = fixture.record.token(.operator)
        case .admin: token = fixture.record.token(.admin)
        case .otherCompany: token = fixture.record.token(.admin, company: "globex")
        case .browserViewer, .browserWithoutForm:
            let role: AccessRole = asker == .browserViewer ? .viewer : .admin
            let code = fixture.record.invite(role)
            let answer = await fixture.ask(.get, "/sign-in?code=\(code.reveal())")
            let cookie = try #require(answer.header("set-cookie")?.prefix { $0 != ";" })
            headers["cookie"] = String(cookie)
        }
        return await fixture.ask(route.method, address(route), headers, body: #"{"description": "x"}"#, token: token)
    }

    private func isRefused(_ answer: Answer) -> Bool {
        [401, 403].contains(answer.status)
            || answer.status == 303 && answer.header("location") == "/sign-in"
                && answer.header("set-cookie") == nil
    }

    /// What names no company and is not for one's own tasks alone.
    private let ofAll = [
        "/metrics", "/api/task", "/api/v1/settings", "/api/v1/limits", "/api/v1/control", "/actions/platform",
        "/actions/replicas/{name}", "/actions/settings", "/actions/limits", "/models",
    ]

    /// What a wrong sign-in is refused with looks the same.
    private static let routes = RouteTable.all.filter { $0.name != "POST /actions/sign-in" }

    @Test(arguments: routes, Asker.allCases)
    func `whoever may not is refused, and nobody else`(_ route: Route, _ asker: Asker) async throws {
        let answer = try await ask(route, asker)
        let needed = Self.rank(route)
        switch asker {
        case .stranger:
            // A wrong token is refused wherever it is shown.
            #expect(answer.status == 401, "\(route.name)")
        case .otherCompany:
            let isOfCompany = route.path.parameters.contains("company")
            let mayBe = needed == 0 || !isOfCompany && !ofAll.contains(route.path.text)
            #expect(isRefused(answer) == !mayBe, "\(route.name)")
        case .browserWithoutForm:
            #expect(isRefused(answer) == !route.method.isSafe, "\(route.name)")
        case .browserViewer:
            // Without its form it may change nothing either.
            #expect(isRefused(answer) == (needed > 1 || !route.method.isSafe), "\(route.name)")
        case .thisHost:
            let mayBe = needed <= 1 || route.path.text == "/api/task"
            #expect(isRefused(answer) == !mayBe, "\(route.name)")
        default:
            #expect(isRefused(answer) == (asker.rank < needed), "\(route.name): \(answer.status)")
        }
    }

    @Test func `of two routes for one call there is none`() {
        let names = RouteTable.all.map(\.name)
        #expect(Set(names).count == names.count)
    }
}

extension Route: CustomTestStringConvertible {
    /// What a test of it is called.
    public var testDescription: String { name }
}
