import Contracts
import FoundationEssentials
import Foundations

/// What the gateway does at one address: a row of ``RouteTable/all``. From the row follow who may ask, what the router
/// does, and what `/openapi.json` says of it.
package struct Route: Sendable {
    package typealias Handler = @Sendable (Call, Data, Gateway) async throws -> Answer

    /// How it speaks with its callers.
    enum Kind: Sendable {
        /// With programs.
        case api(Operation)
        /// With people: who is not signed in is asked to.
        case page
    }

    package let method: Call.Method
    package let path: RoutePath
    package let rule: AccessRule
    let kind: Kind
    /// The most bytes of a body, 0 where there is none.
    let bodyLimit: Int
    let handler: Handler

    /// A route for programs.
    init(
        _ method: Call.Method, _ path: RoutePath, _ rule: AccessRule, _ operation: Operation,
        _ handler: @escaping Handler
    ) {
        self.init(
            method, path, rule, .api(operation),
            bodyLimit: operation.body.map { _ in TaskRequest.maximumBytes } ?? 0, handler)
    }

    /// A route for people.
    static func page(
        _ method: Call.Method = .get, _ path: RoutePath, _ rule: AccessRule, _ handler: @escaping Handler
    ) -> Route {
        Route(method, path, rule, .page, bodyLimit: method.isSafe ? 0 : 64 << 10, handler)
    }

    private init(
        _ method: Call.Method, _ path: RoutePath, _ rule: AccessRule, _ kind: Kind, bodyLimit: Int,
        _ handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.rule = rule
        self.kind = kind
        self.bodyLimit = bodyLimit
        self.handler = handler
    }

    var operation: Operation? { if case .api(let operation) = kind { operation } else { nil } }

    /// For the log and the metrics, for example `GET /api/v1/tasks/{company}/{project}/{task}`.
    package var name: String { "\(method.rawValue) \(path.text)" }
}

/// A path, with the names of what stands for something in braces: `/api/v1/tasks/{company}`.
package struct RoutePath: Sendable, Hashable, ExpressibleByStringLiteral {
    enum Part: Hashable {
        case word(String)
        case parameter(String)
    }

    package let text: String
    let parts: [Part]

    package init(stringLiteral text: String) { self.init(text) }

    init(_ text: String) {
        self.text = text
        parts = text.split(separator: "/").map { part in
            part.hasPrefix("{") ? .parameter(String(part.dropFirst().dropLast())) : .word(String(part))
        }
    }

    var parameters: [String] {
        parts.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
    }

    /// What the parameters stand for in a path; `nil` where it is another.
    func match(_ path: [String]) -> [String: String]? {
        guard path.count == parts.count else { return nil }
        var found: [String: String] = [:]
        for (part, text) in zip(parts, path) {
            switch part {
            case .word(let word): guard word == text else { return nil }
            case .parameter(let name): found[name] = text
            }
        }
        return found
    }
}
