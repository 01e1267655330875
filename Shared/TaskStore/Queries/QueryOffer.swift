import Contracts

/// A list as whoever passes queries on offers it.
package struct QueryOffer: Sendable {
    /// Its name in the contract.
    package let what: String
    /// What it can be asked of.
    package let scopes: Set<QueryScope.Level>
    /// The fields of `filter` that it takes.
    package let filters: [(name: String, form: QueryFilterForm)]

    /// Every list that there is.
    package static let all = QueryList.all.map { list in
        QueryOffer(what: list.what, scopes: list.scopes, filters: list.filters.map { ($0.name, $0.form) })
    }
}

/// What a field of `filter` takes.
package enum QueryFilterForm: Sendable, Hashable {
    case text, uuid, time, count
    /// Some of these.
    case words([String])
}
