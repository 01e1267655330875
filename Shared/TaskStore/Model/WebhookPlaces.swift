/// The places of a bridge for webhooks under way, and how many of them a company or an endpoint may have.
///
/// A receiver holds a place for as long as it likes to make us wait. So a company gets at most a quarter of the places
/// that others leave, and an endpoint an eighth: however many are slow, somebody new finds a place at once.
package struct WebhookPlaces: Sendable {
    private static let companyShare = 4
    private static let endpointShare = 8

    private struct Holder {
        let company: String
        let endpoint: Int64
    }

    private let count: Int
    private var holders: [String: Holder] = [:]
    private var ofCompany: [String: Int] = [:]
    private var ofEndpoint: [Int64: Int] = [:]

    /// - Parameter count: How many there are.
    package init(_ count: Int) { self.count = count }

    /// The messages that are under way.
    package var ids: [String] { Array(holders.keys) }

    package var free: Int { count - holders.count }

    package mutating func take(_ delivery: WebhookDelivery) {
        take(delivery.id, company: delivery.turn, endpoint: delivery.endpoint)
    }

    mutating func take(_ id: String, company: String, endpoint: Int64) {
        guard holders.updateValue(Holder(company: company, endpoint: endpoint), forKey: id) == nil else { return }
        ofCompany[company, default: 0] += 1
        ofEndpoint[endpoint, default: 0] += 1
    }

    package mutating func giveBack(_ id: String) {
        guard let holder = holders.removeValue(forKey: id) else { return }
        ofCompany[holder.company, default: 0] -= 1
        ofEndpoint[holder.endpoint, default: 0] -= 1
        if ofCompany[holder.company] == 0 { ofCompany[holder.company] = nil }
        if ofEndpoint[holder.endpoint] == 0 { ofEndpoint[holder.endpoint] = nil }
    }

    /// Those of `candidates` that may have a place now. The company that has fewest goes first, then the one that has
    /// waited longest; within a company the order is kept.
    func choose(from candidates: [WebhookCandidate]) -> [String] {
        var places = self
        var chosen: [String] = []
        var waiting = Dictionary(grouping: candidates, by: \.company)
        while let company = waiting.min(by: { places.goesBefore($0.value, $1.value) })?.key {
            guard var own = waiting.removeValue(forKey: company), let next = own.firstIndex(where: places.admits)
            else { continue }
            let candidate = own.remove(at: next)
            places.take(candidate.id, company: candidate.company, endpoint: candidate.endpoint)
            chosen.append(candidate.id)
            if !own.isEmpty { waiting[company] = own }
        }
        return chosen
    }

    private func goesBefore(_ one: [WebhookCandidate], _ other: [WebhookCandidate]) -> Bool {
        guard let one = one.first, let other = other.first else { return false }
        let (mine, theirs) = (ofCompany[one.company] ?? 0, ofCompany[other.company] ?? 0)
        return mine == theirs ? one.dueAt < other.dueAt : mine < theirs
    }

    private func admits(_ candidate: WebhookCandidate) -> Bool {
        admits(holding: ofCompany[candidate.company] ?? 0, share: Self.companyShare)
            && admits(holding: ofEndpoint[candidate.endpoint] ?? 0, share: Self.endpointShare)
    }

    private func admits(holding held: Int, share: Int) -> Bool {
        free > 0 && held < max(1, (free + held) / share)
    }
}
