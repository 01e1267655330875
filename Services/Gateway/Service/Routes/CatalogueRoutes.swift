import Contracts
import FoundationEssentials
import Foundations
import TaskStore

/// What people keep beside tasks: whatever kind the catalogue knows is here without a row of its own, below
/// `/api/v1/companies/{company}` where it is a company's.
enum CatalogueRoutes {
    static let rows: [Route] = Catalogue.kinds.flatMap { routes($0) }

    private static let company = "/api/v1/companies/{company}"
    private static let versions = 1...Int(Int32.max)

    private static func routes(_ kind: any CatalogueSpec.Type) -> [Route] {
        let levels = CataloguePlace.Level.allCases.filter { kind.levels.contains($0) }
        return lists(kind) + levels.flatMap { objects(kind, $0) }
    }

    /// The lists of a kind of which a company can have several.
    private static func lists(_ kind: any CatalogueSpec.Type) -> [Route] {
        guard !kind.levels.isDisjoint(with: [.project, .ofCompany, .ofProject]) else { return [] }
        let filters = kind.filters.keys.sorted()
        let page = [Parameter("limit", .integer(1...QueryRequest.maximumLimit)), Parameter("cursor", .text)]
        let parameters = filters.map { Parameter($0, .list(.text)) } + page
        let places = ["company", "project"].map { Parameter($0, .identifier) }
        let variants: [(path: String, name: String, places: [Parameter])] = [
            ("/api/v1", "list", places), (company, "list_company", []),
        ]
        return variants.map { path, name, places in
            let operation = Operation(
                "\(name)_\(kind.plural)", "Lists \(kind.plural), the newest first.", query: places + parameters,
                success: .page)
            return Route(.get, RoutePath("\(path)/\(kind.plural)"), .role(.viewer), operation) { call, _, gateway in
                try call.refuseFields(otherThan: (places + parameters).map(\.name))
                let filter = call.query.filter { filters.contains($0.key) }.mapValues { values in
                    JSONValue.array(values.flatMap { $0.split(separator: ",") }.map { .string(String($0)) })
                }
                let request = QueryRequest(
                    kind.kind, filter: filter,
                    limit: try call.integer("limit", in: 1...QueryRequest.maximumLimit) ?? ListRoutes.usualLimit,
                    cursor: try call.field("cursor"))
                let scope = try call.company().map(QueryScope.company) ?? call.scope()
                return try .json(.object(try await gateway.record.list(request, of: kind, in: scope).fields))
            }
        }
    }

    /// What is of one object: to show it, to say what it is, and to take it away.
    private static func objects(_ kind: any CatalogueSpec.Type, _ level: CataloguePlace.Level) -> [Route] {
        let name = kind.kind
        let (path, id) = place(kind, level)
        // What bounds a company is not for those of the company to say.
        let rule: AccessRule = level == .platform || level == .company ? .role(.admin) : .role(.operator)
        return [
            Route(.get, path, .role(.viewer), .describe(name, id, versions)) { call, _, gateway in
                try call.refuseFields(otherThan: ["version"])
                let place = try kind.place(try address(call, level))
                let version = try call.integer("version", in: versions)
                guard let found = try await gateway.record.describe(name, at: place, version: version) else {
                    throw Problem(404, "not_found", "there is no such \(name)")
                }
                return try .json(try JSONValue(encoding: found))
            },
            Route(.put, path, rule, .define(name, id)) { call, body, gateway in
                let address = try address(call, level, changes: true)
                let request = DefineRequest(name, try call.json(body), actor: call.caller.name)
                return try .json(.object(try await gateway.door.ask(.define, address, request.json)))
            },
            Route(.delete, path, rule, .remove(name, id)) { call, _, gateway in
                let address = try address(call, level, changes: true)
                return try .json(.object(try await gateway.door.ask(.remove, address, RemoveRequest(name).json)))
            },
        ]
    }

    /// Where objects of a kind are, and what their operations are named by.
    private static func place(
        _ kind: any CatalogueSpec.Type, _ level: CataloguePlace.Level
    ) -> (path: RoutePath, id: String) {
        switch level {
        case .platform: (RoutePath("/api/v1/\(kind.plural)"), "platform_\(kind.kind)")
        case .company: (RoutePath("\(company)/\(kind.plural)"), "company_\(kind.kind)")
        case .project: (RoutePath("\(company)/\(kind.plural)/{project}"), kind.kind)
        case .ofCompany: (RoutePath("\(company)/\(kind.plural)/{name}"), "company_\(kind.kind)")
        case .ofProject:
            (RoutePath("\(company)/projects/{project}/\(kind.plural)/{name}"), "project_\(kind.kind)")
        }
    }

    /// The place that a path names, as the subject does.
    private static func address(
        _ call: Call, _ level: CataloguePlace.Level, changes: Bool = false
    ) throws(Problem) -> TaskAddress {
        let isOfAll = level == .platform || changes && level == .company
        guard !isOfAll || call.caller.company == nil else {
            throw .forbidden("this needs a token of the whole platform")
        }
        return TaskAddress(
            company: try call.company() ?? .all, project: try id(call.parameters["project"]),
            task: try id(call.parameters["name"]))
    }

    private static func id<ID: SafeIdentifier>(_ text: String?) throws(Problem) -> ID {
        try text.map { text throws(Problem) -> ID in try Call.id(text) } ?? .all
    }
}

extension CatalogueSpec {
    /// Several of it, as addresses name them.
    fileprivate static var plural: String { kind.hasSuffix("s") ? kind : "\(kind)s" }
}

extension Operation {
    fileprivate static func describe(_ name: String, _ id: String, _ versions: ClosedRange<Int>) -> Operation {
        Operation(
            "describe_\(id)", "Shows the \(name), by default the version in force.",
            query: [Parameter("version", .integer(versions))],
            success: .schema(
                .object(
                    [
                        "kind": .text, "name": .text, "version": .integer(versions), "spec": .object,
                        "created_at": .time, "created_by": .text,
                    ], required: ["kind", "name", "version", "spec"])))
    }

    fileprivate static func define(_ name: String, _ id: String) -> Operation {
        Operation(
            "define_\(id)", "Defines the \(name): the next version, where it differs from the one in force.",
            body: [MediaType.json: .object],
            success: .schema(
                .object(["version": .integer(1...Int.max), "created": .flag], required: ["version", "created"])))
    }

    fileprivate static func remove(_ name: String, _ id: String) -> Operation {
        Operation(
            "remove_\(id)", "Takes the \(name) away. Its versions can still be shown.",
            success: .schema(.object(["version": .integer(1...Int.max)], required: ["version"])))
    }
}
