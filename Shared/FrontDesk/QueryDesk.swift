import Contracts

/// Answers `query`.
package struct QueryDesk: Desk {
    package let type = RequestType.query
    private let record: any QueryRecord

    package init(_ record: any QueryRecord) { self.record = record }

    package func answer(_ message: ClientMessage, about address: TaskAddress) async throws -> Reply {
        guard let scope = QueryScope(address) else { throw SubmissionRefusal.behindAll }
        guard let page = try await record.page(try QueryRequest(decoding: message.body), in: scope) else {
            return .notFound
        }
        return .ok(page.fields)
    }
}
