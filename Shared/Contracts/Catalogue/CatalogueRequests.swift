import FoundationEssentials
import Foundations

/// Defines what the subject names, on the subject `…define`: `{"kind", "spec", "actor"?}`, answered by
/// `{"version", "created"}`.
///
/// The same content again does nothing, other content makes the next version. What a spec may say is its type's, see
/// ``Catalogue``.
package struct DefineRequest: Sendable, Hashable {
    package var kind: String
    package var spec: JSONValue
    /// Who asks.
    package var actor: String?

    package init(_ kind: String, _ spec: JSONValue, actor: String? = nil) {
        self.kind = kind
        self.spec = spec
        self.actor = actor
    }

    package init(decoding body: Data) throws(FieldError) {
        let fields = try FieldReader(try TaskRequest.json(of: body))
        kind = try fields.string("kind", atMost: 64)
        guard let spec = try fields.optionalObject("spec") else { throw fields.error("spec", "missing") }
        self.spec = .object(spec)
        actor = try fields.actor()
    }

    package var json: JSONValue {
        var members: [String: JSONValue] = ["kind": .string(kind), "spec": spec]
        members["actor"] = actor.map(JSONValue.string)
        return .object(members)
    }
}

/// Asks what stands where the subject says, on the subject `…describe`: `{"kind", "version"?}`, answered by a
/// ``CatalogueDescription``.
package struct DescribeRequest: Sendable, Hashable {
    package var kind: String
    /// `nil` for the version in force.
    package var version: Int?

    package init(_ kind: String, version: Int? = nil) {
        self.kind = kind
        self.version = version
    }

    package init(decoding body: Data) throws(FieldError) {
        let fields = try FieldReader(try JSONValue(message: body))
        kind = try fields.string("kind", atMost: 64)
        version = try fields.optionalInt("version", in: 1...Int(Int32.max))
    }

    package var json: JSONValue { ["kind": .string(kind), "version": version.map(JSONValue.int) ?? .null] }
}

/// A version of an object, and who defined it when. Of credentials it tells only that there are some.
package struct CatalogueDescription: Sendable, Hashable, Codable {
    package let kind: String
    package let name: String
    package let version: Int
    package let spec: JSONValue
    package let createdAt: Date?
    /// `nil` where nobody was named.
    package let createdBy: String?

    package init(
        kind: String, name: String, version: Int, spec: JSONValue, createdAt: Date? = nil, createdBy: String? = nil
    ) {
        self.kind = kind
        self.name = name
        self.version = version
        self.spec = spec
        self.createdAt = createdAt
        self.createdBy = createdBy
    }

    private enum CodingKeys: String, CodingKey {
        case kind, name, version, spec
        case createdAt = "created_at"
        case createdBy = "created_by"
    }
}

/// Asks for a page of what there is of a kind in the company, project or platform that the subject names, on the subject
/// `…list`: `{"kind", "filter", "cursor"}`. The answer is a ``QueryPage`` of `{"name", "version", …}`.
package struct ListRequest: Sendable, Hashable {
    /// What is asked, with the kind as ``QueryRequest/what``.
    package var query: QueryRequest

    package init(_ kind: String, filter: [String: JSONValue] = [:], limit: Int = QueryRequest.maximumLimit) {
        query = QueryRequest(kind, filter: filter, limit: limit)
    }

    package init(decoding body: Data) throws(FieldError) {
        let json = try JSONValue(message: body)
        query = QueryRequest(try FieldReader(json).string("kind", atMost: 64))
        try query.readPage(FieldReader(json))
    }

    package var json: JSONValue {
        [
            "kind": .string(query.what), "filter": .object(query.filter), "limit": .int(query.limit),
            "cursor": .optional(query.cursor),
        ]
    }
}

/// Takes away what the subject names, on the subject `…remove`: `{"kind"}`. Its versions can still be described; a later
/// definition counts on.
package struct RemoveRequest: Sendable, Hashable {
    package var kind: String

    package init(_ kind: String) { self.kind = kind }

    package init(decoding body: Data) throws(FieldError) {
        kind = try FieldReader(try JSONValue(message: body)).string("kind", atMost: 64)
    }

    package var json: JSONValue { ["kind": .string(kind)] }
}
