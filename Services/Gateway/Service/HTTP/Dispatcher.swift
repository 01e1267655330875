import Contracts
import FoundationEssentials
import Foundations
import Logging
import ServiceKit

/// Answers requests: finds the route, the caller and whether it may, and has the route answer. Whatever happens, there is
/// an answer.
package struct Dispatcher: Sendable {
    var gateway: Gateway
    let routes: [Route]

    init(_ gateway: Gateway, routes: [Route] = RouteTable.all) {
        self.gateway = gateway
        self.routes = routes
    }

    /// - Parameters:
    ///   - asked: The call, or why it is none.
    ///   - body: Reads the body, of so many bytes at most.
    package func answer(
        _ asked: Result<Call, Problem>, body: (_ limit: Int) async throws -> Data
    ) async -> Answer {
        let start = ContinuousClock.now
        var name = "other"
        var answer: Answer
        do {
            var call = try asked.get()
            try check(origin: call)
            let route = try find(&call)
            name = route.name
            answer = try await self.answer(route, call, body)
        } catch {
            answer = problem(error).answer
        }
        gateway.metrics.count(.httpRequests, name, "\(answer.status / 100)xx")
        gateway.metrics.observe(.httpSeconds, name, since: start)
        answer.headers += Self.headers(answer)
        return answer
    }

    /// Before all else: what asks under a foreign name learns nothing.
    private func check(origin call: Call) throws(Problem) {
        guard gateway.origins.holds(authority: call.authority) else {
            throw Problem(421, "misdirected", "this server has no such name: GATEWAY_ORIGINS lists its names")
        }
        guard let origin = call.headers["origin"] else { return }
        guard gateway.origins.allows(origin: origin, authority: call.authority) else {
            throw .forbidden("pages of another origin may not ask here")
        }
    }

    private func find(_ call: inout Call) throws(Problem) -> Route {
        switch RouteTable.match(call, in: routes) {
        case .route(let route, let parameters):
            call.parameters = parameters
            return route
        case .otherMethods(let methods):
            throw .wrongMethod(methods)
        case .nothing: throw .unknownPath
        }
    }

    private func answer(
        _ route: Route, _ call: Call, _ body: (Int) async throws -> Data
    ) async throws -> Answer {
        var call = call
        call.caller = try await gateway.authentication.caller(of: call)
        do {
            try route.rule.check(call.caller, company: try call.company())
            let bytes = route.bodyLimit > 0 ? try await body(route.bodyLimit) : Data()
            try gateway.authentication.checkForm(call, form: Self.formSecret(call, bytes))
            return try await route.handler(call, bytes, gateway)
        } catch  where route.isPage {
            let problem = self.problem(error)
            return problem.status == 401 ? .seeOther("/sign-in") : problem.page(for: call)
        }
    }

    private static func formSecret(_ call: Call, _ body: Data) -> String? {
        guard MediaType(call.headers["content-type"] ?? "").name == MediaType.form else { return nil }
        return (try? FormEncoding.fields(String(decoding: body, as: UTF8.self)))?["csrf"]?.first
    }

    /// What a client is told of an error. What is no refusal is for operators.
    private func problem(_ error: any Error) -> Problem {
        switch error {
        case let error as Problem: return error
        case let error as FieldError: return .refused(error)
        case let error as any Retriable where error.isRetriable:
            gateway.logger.warning("a request could not be answered for now", metadata: ["error": "\(error)"])
            return .unavailable("the record cannot be reached now, try again")
        default:
            gateway.logger.error("a request failed", metadata: ["error": "\(error)"])
            return .internalError
        }
    }

    /// Of every answer: it is looked at by nobody but who asked, and makes a browser do nothing that we did not write.
    /// (Without a referrer browsers would say of our own forms that they are of no origin.)
    private static func headers(_ answer: Answer) -> [(name: String, value: String)] {
        let cached: [(name: String, value: String)] =
            answer.header("cache-control") == nil ? [("cache-control", "no-store")] : []
        return cached + [
            ("content-security-policy", policy), ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"), ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ]
    }

    /// Nothing inline, nothing of others.
    private static let policy = """
        default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
        base-uri 'none'; frame-ancestors 'none'
        """
}

extension Route {
    fileprivate var isPage: Bool { if case .page = kind { true } else { false } }
}

extension Problem {
    static func wrongMethod(_ others: [Call.Method]) -> Problem {
        let names = Set(others.map(\.rawValue) + (others.contains(.get) ? ["HEAD"] : [])).sorted()
        return Problem(
            405, "wrong_method", "there is only \(names.joined(separator: ", ")) here",
            headers: ["allow": names.joined(separator: ", ")])
    }
}
