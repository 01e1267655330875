import Contracts
import Foundation
import Foundations
import TaskStore
import Testing

@testable import GatewayService

/// That `/openapi.json` is true to the routes is so by its making; here is what it has to hold beyond.
@Suite struct OpenAPITests {
    private let document = OpenAPIDocument.json(RouteTable.all)

    private var operations: [(path: String, method: String, operation: JSONValue)] {
        (document["paths"]?.objectValue ?? [:]).flatMap { path, item in
            (item.objectValue ?? [:]).map { (path, $0.key, $0.value) }
        }
    }

    @Test func `every route for programs is an operation, and nothing else is`() {
        let described = Set(operations.map { "\($0.method.uppercased()) \($0.path)" })
        #expect(described == Set(RouteTable.all.filter { $0.operation != nil }.map(\.name)))
        #expect(described.contains("GET /api/v1/tasks") && described.contains("POST /api/task"))
    }

    @Test func `every list of the record is there, at each place that it can be asked of`() {
        let names = Set(RouteTable.all.map(\.name))
        // Tasks are more than a list, and events of several tasks are a stream.
        for offer in QueryOffer.all where !["tasks", "events"].contains(offer.what) {
            let wide = names.contains("GET /api/v1/\(offer.what)")
            #expect(wide == (offer.scopes != [.task]), "\(offer.what)")
            #expect(names.contains("GET \(TaskRoutes.task)/\(offer.what)") == offer.scopes.contains(.task))
        }
    }

    @Test func `operations have names of their own, and say all that their path holds`() {
        let ids = operations.compactMap { $0.operation["operationId"]?.stringValue }
        #expect(Set(ids).count == operations.count)
        for (path, method, operation) in operations {
            let parameters = operation["parameters"]?.arrayValue ?? []
            let inPath = parameters.filter { $0["in"] == "path" }
            #expect(Set(inPath.compactMap { $0["name"]?.stringValue }) == Set(RoutePath(path).parameters), "\(path)")
            #expect(inPath.allSatisfy { $0["required"] == true })
            let names = parameters.compactMap { $0["name"]?.stringValue }
            #expect(Set(names).count == names.count, "\(method) \(path)")
        }
    }

    @Test func `every reference leads somewhere`() throws {
        let text = try document.text()
        let schemas = Set((document["components"]?["schemas"]?.objectValue ?? [:]).keys)
        for match in text.matches(of: #/"\$ref":"#\/components\/schemas\/(\w+)"/#) {
            #expect(schemas.contains(String(match.1)))
        }
        #expect(document["openapi"] == "3.1.0")
    }

    @Test func `what needs a token says so`() {
        for (path, _, operation) in operations {
            let isOpen = ["/healthz", "/readyz"].contains(path)
            #expect((operation["security"] == .array([])) == isOpen, "\(path)")
            #expect((operation["responses"]?["401"] == nil) == isOpen, "\(path)")
        }
    }
}
