import Contracts

/// Answers `query`.
package struct QueryDesk: Desk {
    package let type = RequestType.query
    private let record: any QueryRecord

    package init(_ record: any QueryRecord) { self.record = record }

    package func answer(_ message: ClientMessage, about address: TaskAddress) async throws -> Reply {
        let query = try QueryRequest(decoding: message.body)
        switch query.what {
        case .events:
            // One more than wanted tells whether there are older ones.
            let events = try await record.events(
                address, since: query.since, before: query.before, limit: query.limit + 1)
            guard let events else { return .notFound }
            let page = try QueryPage(Array(events.prefix(query.limit)), hasMore: events.count > query.limit)
            return .ok(page.fields)
        }
    }
}
