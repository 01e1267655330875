import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

extension Gateway {
    /// The items of a list that is counted, of all that a caller sees; they may be a few seconds old. None where it is
    /// the platform's and the caller does not see all of that.
    func counted(_ what: String, _ caller: Caller) async throws -> [Item] {
        let scope = QueryScope.of(caller)
        guard let offer = QueryOffer.all.first(where: { $0.what == what }), offer.scopes.contains(scope.level) else {
            return []
        }
        return try await counts.value("\(what) of \(caller.company?.text ?? "all")") {
            try await record.items(what, in: scope, limit: QueryRequest.maximumLimit).items
        }
    }
}

/// How much there is of everything, by its part, kind and status: the list `system`.
struct SystemCounts: Sendable {
    private let items: [Item]

    init(_ items: [Item]) { self.items = items }

    init(_ caller: Caller, _ gateway: Gateway) async throws {
        self.init(try await gateway.counted("system", caller))
    }

    private func item(_ part: String, _ kind: String?, _ status: String) -> Item? {
        items.first { $0.text("part") == part && $0.some("kind") == kind && $0.text("status") == status }
    }

    func count(_ part: String, kind: String? = nil, _ status: String) -> Int {
        item(part, kind, status)?.int("count") ?? 0
    }

    /// The time of the oldest.
    func since(_ part: String, kind: String? = nil, _ status: String) -> Date? {
        item(part, kind, status)?.date("since")
    }
}
