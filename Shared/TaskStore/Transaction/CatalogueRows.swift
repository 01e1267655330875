import Contracts
import Database
import Foundations

/// The versions of one object of the catalogue, within a transaction.
struct CatalogueRows {
    private let kind: String
    private let object: CataloguePlace
    private let connection: Connection

    init(_ kind: String, _ object: CataloguePlace, on connection: Connection) {
        self.kind = kind
        self.object = object
        self.connection = connection
    }

    private var place: TaskAddress { object.address }

    private var areIts: SQL {
        """
        c.kind = \(kind) and c.company_id = \(place.company) and c.project_id = \(place.project)
            and c.object_id = \(place.task)
        """
    }

    /// Those versions that fulfil a condition, the newest first.
    func select(_ columns: SQL, where wanted: SQL = "true", limit: Int = 1) throws -> Rows {
        try connection.execute(
            "select \(columns) from catalogue c where \(areIts) and \(wanted) order by c.version desc limit \(limit)")
    }

    /// The same as they are shown.
    func described(where wanted: SQL = "true", limit: Int) throws -> [CatalogueDescription] {
        try select("c.version, c.spec, c.created_at, c.created_by", where: wanted, limit: limit).map { row in
            CatalogueDescription(
                kind: kind, name: object.name, version: try row.get("version"), spec: try row.get("spec"),
                createdAt: try row.get("created_at"), createdBy: try row.get("created_by"))
        }
    }

    /// Definitions of an object come one after the other.
    private func lock() throws {
        let name = "\(kind) \(place.company) \(place.project) \(place.task)"
        try connection.execute("select pg_advisory_xact_lock(\(Self.lockClass)::integer, hashtext(\(name)))")
    }

    /// Of projects alone.
    private var credentials: ProjectCredentialsRow? {
        kind == ProjectSpec.kind ? ProjectCredentialsRow(place, on: connection) : nil
    }

    func define(_ object: CatalogueObject, by actor: String? = nil) throws -> CatalogueOutcome {
        try lock()
        let newest = try select("c.version, c.is_current and c.spec = \(object.spec) as is_same").first
        let version = try newest?.get("version", as: Int.self) ?? 0
        let comparison = try credentials?.compare(object.credentials) ?? .same
        guard comparison != .missing else { return .noCredentials }
        if comparison == .same, try newest?.get("is_same", as: Bool.self) == true {
            return .defined(version: version, created: false)
        }
        try end()
        try connection.execute(
            """
            insert into catalogue (kind, company_id, project_id, object_id, version, spec, is_current, created_by)
            values (\(kind), \(place.company), \(place.project), \(place.task), \(version + 1), \(object.spec), true,
                \(nullable: actor?.storable))
            """)
        if comparison == .other || object.credentials == nil { try credentials?.replace(by: object.credentials?.new) }
        return .defined(version: version + 1, created: true)
    }

    func remove() throws -> Int? {
        try lock()
        try credentials?.replace(by: nil)
        return try end()
    }

    /// Defines it by what is in force, or takes it away. Returns whether that changed it.
    func change(_ body: ([String: JSONValue]) -> [String: JSONValue]?) throws -> Bool {
        try lock()
        let present: JSONValue? = try select("c.spec", where: "c.is_current").first?.get("spec")
        guard let spec = body(present?.objectValue ?? [:]) else { return try end() != nil }
        guard case .defined(_, true) = try define(CatalogueObject(kind, at: object, spec: .object(spec))) else {
            return false
        }
        return true
    }

    /// No version is in force any more. Returns the one that was.
    @discardableResult
    private func end() throws -> Int? {
        try connection.execute(
            "update catalogue c set is_current = false where \(areIts) and c.is_current returning c.version"
        ).first?.get("version")
    }

    /// "cata"
    private static let lockClass = 0x6361_7461
}

/// The credentials of a project, within a transaction.
private struct ProjectCredentialsRow {
    enum Comparison { case same, other, missing }

    private let place: TaskAddress
    private let connection: Connection

    init(_ place: TaskAddress, on connection: Connection) {
        self.place = place
        self.connection = connection
    }

    private var isIts: SQL { "company_id = \(place.company) and project_id = \(place.project)" }

    /// How those that a spec asks for stand to those that there are.
    func compare(_ wanted: ProjectCredentials?) throws -> Comparison {
        // Where a spec has none that had some, it is another spec.
        guard let wanted else { return .same }
        let present = try connection.execute(
            "select content_hash from project_credentials where \(isIts) and remote_url = \(wanted.remoteURL)"
        ).first
        guard let new = wanted.new else { return present == nil ? .missing : .same }
        return try present?.get("content_hash", as: String.self) == new.contentHash ? .same : .other
    }

    func replace(by new: ProjectCredentials.New?) throws {
        try connection.execute("delete from project_credentials where \(isIts)")
        guard let new else { return }
        try connection.execute(
            """
            insert into project_credentials (company_id, project_id, remote_url, sealed, content_hash)
            values (\(place.company), \(place.project), \(new.remoteURL), \(new.sealed), \(new.contentHash))
            """)
    }
}
