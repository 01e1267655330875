import ArgumentParser
import Contracts
import Foundations

extension PlatformClient {
    /// A page of a list, the newest first.
    func page(_ request: QueryRequest, in scope: QueryScope) async throws -> QueryPage {
        QueryPage(try await ask(scope.address, .query, request.json))
    }

    /// The newest items of a list, page by page.
    ///
    /// - Parameters:
    ///   - limit: At most so many.
    ///   - cursor: Where they begin: that of an earlier answer.
    func items(
        _ what: String, in scope: QueryScope, filter: [String: JSONValue] = [:], limit: Int, after cursor: String? = nil
    ) async throws -> QueryPage {
        var found = QueryPage(items: [], cursor: cursor)
        repeat {
            let count = min(QueryRequest.maximumLimit, limit - found.items.count)
            let page = try await page(
                QueryRequest(what, filter: filter, limit: count, cursor: found.cursor), in: scope)
            found.items += page.items
            found.cursor = page.cursor
        } while found.cursor != nil && found.items.count < limit
        return found
    }
}

/// Whose items are listed.
struct ListOptions: ParsableArguments {
    @Option(name: .long, help: "Only those of this company. Logins of a company have to name it.") var company: String?
    @Option(name: .long, help: "At most so many.") var limit = 50

    func validate() throws {
        guard limit >= 1 else { throw ValidationError("--limit: expected at least 1") }
        _ = try scope()
    }

    func scope() throws -> QueryScope { try QueryScope(company: company) }
}

extension QueryScope {
    /// The company of an option, else the platform.
    init(company: String?) throws {
        guard let company else {
            self = .platform
            return
        }
        guard let id = CompanyID(company), !id.standsForAll else {
            throw ValidationError("--company: expected an id of [A-Za-z0-9_-]{1,64}")
        }
        self = .company(id)
    }
}
