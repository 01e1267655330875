import Contracts
import Database
import Foundations

extension TaskStore {
    /// Makes the object what it is said to be: a new version where that differs from the one in force.
    ///
    /// - Parameter actor: Who says so; `nil` where nobody is known.
    package func define(_ object: CatalogueObject, by actor: String? = nil) async throws -> CatalogueOutcome {
        try await pool.transaction { try CatalogueRows(object.kind, object.place, on: $0).define(object, by: actor) }
    }

    /// A version of an object, by default the one in force; `nil` if there is none.
    package func describe(
        _ kind: String, at place: CataloguePlace, version: Int? = nil
    ) async throws -> CatalogueDescription? {
        try await pool.withConnection { connection in
            let wanted: SQL = version.map { "c.version = \($0)" } ?? "c.is_current"
            return try CatalogueRows(kind, place, on: connection).described(where: wanted, limit: 1).first
        }
    }

    /// The versions of an object, the newest first, whether or not one is in force.
    package func versions(
        _ kind: String, at place: CataloguePlace, limit: Int
    ) async throws -> [CatalogueDescription] {
        try await pool.withConnection { try CatalogueRows(kind, place, on: $0).described(limit: limit) }
    }

    /// Takes an object away and returns the version that was in force; `nil` if none was.
    package func remove(_ kind: String, at place: CataloguePlace) async throws -> Int? {
        try await pool.transaction { try CatalogueRows(kind, place, on: $0).remove() }
    }

    /// A page of the objects of a kind.
    package func list(
        _ request: QueryRequest, of kind: any CatalogueSpec.Type, in scope: QueryScope
    ) async throws -> QueryPage {
        let query = try QueryStatement(request, of: .objects(of: kind), in: scope)
        return try await page(of: query) ?? QueryPage(items: [], cursor: nil)
    }

    /// What holds for a task that says nothing: what its project, its company and the platform say now.
    package func defaults(of address: TaskAddress) async throws -> TaskDefaults {
        let select: SQL = """
            select (select c.spec from catalogue c where c.kind = \(ProjectSpec.kind) and c.company_id = \(address.company)
                    and c.project_id = \(address.project) and c.object_id = '-' and c.is_current) as project,
                (select p.sealed from project_credentials p where p.company_id = \(address.company)
                    and p.project_id = \(address.project)) as sealed,
                \(CompanyLimit.limits(of: "\(address.company)::text")) as limits, \(Self.settings(of: address.company))
            """
        return try await pool.withConnection { connection in
            guard let row = try connection.execute(select).first else { return TaskDefaults() }
            var project: JSONValue? = try row.get("project")
            if let sealed: String = try row.get("sealed") { project = project?.withSeal(sealed) }
            let limits = try row.get("limits", as: JSONValue?.self) ?? [:]
            return TaskDefaults(
                project: project, settings: try SettingsSpec(row), limits: try LimitsSpec(recorded: FieldReader(limits))
            )
        }
    }

    /// The settings in force: a company's over the platform's.
    ///
    /// - Parameter company: `nil` for the platform's alone.
    package func settings(of company: CompanyID? = nil) async throws -> SettingsSpec {
        try await pool.withConnection { connection in
            let select: SQL = "select \(Self.settings(of: company ?? .all))"
            return try connection.execute(select).first.map(SettingsSpec.init) ?? SettingsSpec()
        }
    }

    private static func settings(of company: CompanyID) -> SQL {
        """
        (select jsonb_agg(c.spec order by c.company_id = '-') from catalogue c where c.kind = \(SettingsSpec.kind)
            and c.company_id in (\(company), '-') and c.project_id = '-' and c.object_id = '-' and c.is_current)
            as settings
        """
    }
}

extension SettingsSpec {
    /// The specs of a column, the nearest first.
    fileprivate init(_ row: Row) throws {
        let specs = try row.get("settings", as: JSONValue?.self)?.arrayValue ?? []
        self = try specs.reduce(SettingsSpec()) { $0.over(try SettingsSpec(recorded: FieldReader($1))) }
    }
}

extension JSONValue {
    /// The spec of a project with its sealed credentials.
    fileprivate func withSeal(_ sealed: String) -> JSONValue {
        guard case .object(var spec) = self, case .object(var repository)? = spec["repository"],
            repository["credentials"] != nil
        else { return self }
        repository["credentials"] = Credentials.sealed(sealed).revealed()
        spec["repository"] = .object(repository)
        return .object(spec)
    }
}
