import FoundationEssentials
import Foundations
import HeapModule

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
        take(delivery.id, company: delivery.company.text, endpoint: delivery.endpoint)
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
        let companies = Dictionary(grouping: candidates, by: \.company)
        var turns = Heap(companies.values.compactMap { Turn($0[...], held: ofCompany[$0[0].company] ?? 0) })
        while var turn = turns.popMin() {
            guard let candidate = turn.next(where: places.admits) else { continue }
            places.take(candidate.id, company: candidate.company, endpoint: candidate.endpoint)
            chosen.append(candidate.id)
            turn.held += 1
            turns.insert(turn)
        }
        return chosen
    }

    /// What a company asks for: each candidate is looked at once, as one that is refused is refused for good.
    private struct Turn: Comparable {
        private var rest: ArraySlice<WebhookCandidate>
        /// Since when the first waits that has no place.
        private var dueAt: Date
        private var hasRefused = false
        var held: Int

        init?(_ candidates: ArraySlice<WebhookCandidate>, held: Int) {
            guard let first = candidates.first else { return nil }
            rest = candidates
            dueAt = first.dueAt
            self.held = held
        }

        /// Takes the first that is admitted.
        mutating func next(where isAdmitted: (WebhookCandidate) -> Bool) -> WebhookCandidate? {
            while let candidate = rest.popFirst() {
                guard isAdmitted(candidate) else {
                    hasRefused = true
                    continue
                }
                if !hasRefused, let first = rest.first { dueAt = first.dueAt }
                return candidate
            }
            return nil
        }

        static func < (left: Turn, right: Turn) -> Bool { (left.held, left.dueAt) < (right.held, right.dueAt) }
        static func == (left: Turn, right: Turn) -> Bool { (left.held, left.dueAt) == (right.held, right.dueAt) }
    }

    private func admits(_ candidate: WebhookCandidate) -> Bool {
        admits(holding: ofCompany[candidate.company] ?? 0, share: Self.companyShare)
            && admits(holding: ofEndpoint[candidate.endpoint] ?? 0, share: Self.endpointShare)
    }

    private func admits(holding held: Int, share: Int) -> Bool {
        free > 0 && held < max(1, (free + held) / share)
    }
}
