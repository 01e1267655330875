import Foundations

/// What an object of the catalogue says. A new kind of object is a type in a file of its own and a row of
/// ``Catalogue/kinds``.
package protocol CatalogueSpec: Sendable {
    /// The kind's name in the contract.
    static var kind: String { get }
    /// Where its objects may stand.
    static var levels: Set<CataloguePlace.Level> { get }
    /// The fields by which its objects can be listed: texts of the spec, with what holds where it says nothing.
    static var filters: [String: String] { get }
    /// Whether running replicas go by it, and so are told when it changes.
    static var isReadByReplicas: Bool { get }

    /// Reads and checks a spec. A field that is not known is refused: nobody would notice that it does nothing.
    init(_ fields: FieldReader, at place: CataloguePlace) throws(FieldError)

    /// The spec without what it leaves open, in one form: equal for equal content, also once there are more fields. It
    /// reveals plain credentials.
    var json: JSONValue { get }

    /// The repository whose credentials are sealed before the spec is kept.
    var repository: RepositorySettings? { get set }
}

extension CatalogueSpec {
    package static var filters: [String: String] { [:] }
    package static var isReadByReplicas: Bool { false }
    package var repository: RepositorySettings? {
        get { nil }
        set {}
    }
}

/// What people keep beside tasks, by kind.
package enum Catalogue {
    package static let kinds: [any CatalogueSpec.Type] = [ProjectSpec.self, SettingsSpec.self, LimitsSpec.self]

    /// Named by the contract and not built yet.
    static let later = ["template", "workflow", "resource", "session", "profile"]

    /// The kind that the field `kind` of a message names.
    package static func kind(named name: String) throws(FieldError) -> any CatalogueSpec.Type {
        if let kind = kinds.first(where: { $0.kind == name }) { return kind }
        guard !later.contains(name) else { throw FieldError(path: "kind", reason: "\(name) is not built yet") }
        throw FieldError(path: "kind", reason: "expected one of \(kinds.map { $0.kind }.joined(separator: ", "))")
    }
}

extension CatalogueSpec {
    /// The place that the subject names, if objects of this kind may stand there.
    package static func place(_ address: TaskAddress) throws(FieldError) -> CataloguePlace {
        if let place = CataloguePlace(address), levels.contains(place.level) { return place }
        let forms = CataloguePlace.Level.allCases.filter(levels.contains).map(\.rawValue).joined(separator: " or ")
        throw FieldError(path: "kind", reason: "\(kind) stands at \(forms) of the subject, and not here")
    }
}
