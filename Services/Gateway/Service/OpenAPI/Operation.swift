import Foundations

/// What `/openapi.json` says of a route: a part of its row.
struct Operation: Sendable {
    /// A body that it takes: its media types, each with its form.
    typealias Content = [String: Schema]

    /// What it answers where all is well.
    enum Success: Sendable {
        case object, text, page, pageOrStream, stream
        case schema(Schema)
        /// With the address of what was made.
        case created(Schema)
    }

    let id: String
    let summary: String
    var query: [Parameter] = []
    var headers: [Parameter] = []
    var body: Content?
    let success: Success

    init(
        _ id: String, _ summary: String, query: [Parameter] = [], headers: [Parameter] = [], body: Content? = nil,
        success: Success
    ) {
        self.id = id
        self.summary = summary
        self.query = query
        self.headers = headers
        self.body = body
        self.success = success
    }
}

/// A field of the query or a header.
struct Parameter: Sendable {
    let name: String
    let schema: Schema

    init(_ name: String, _ schema: Schema) {
        self.name = name
        self.schema = schema
    }
}
