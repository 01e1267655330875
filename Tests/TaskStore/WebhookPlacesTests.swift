import Foundation
import Testing

@testable import TaskStore

@Suite struct WebhookPlacesTests {
    private func candidates(_ count: Int, _ company: String, _ endpoint: Int64, age: Double = 0) -> [WebhookCandidate] {
        (0..<count).map { number in
            WebhookCandidate(
                id: "\(company)-\(endpoint)-\(number)", company: company, endpoint: endpoint,
                dueAt: Date(timeIntervalSince1970: Double(number) - age))
        }
    }

    /// How many of `chosen` are of a company.
    private func count(_ company: String, in chosen: [String]) -> Int { chosen.count { $0.hasPrefix(company + "-") } }

    @Test func `one endpoint gets an eighth of the places, one company a quarter`() {
        let places = WebhookPlaces(256)
        #expect(places.choose(from: candidates(300, "a", 1)).count == 32)
        let many = (0..<20).flatMap { candidates(300, "a", $0) }
        #expect(places.choose(from: many).count == 64)
    }

    @Test func `an endpoint that several companies use gets an eighth in all`() {
        let all = ["a", "b", "c"].flatMap { candidates(300, $0, 7) }
        let chosen = WebhookPlaces(256).choose(from: all)
        #expect(chosen.count == 32)
        #expect(["a", "b", "c"].allSatisfy { (10...11).contains(count($0, in: chosen)) })
    }

    @Test(arguments: [1, 5, 40, 200])
    func `however many companies are slow, somebody new finds a place`(_ companies: Int) {
        let slow = (0..<companies).flatMap { candidates(300, "slow\($0)", Int64($0)) }
        let chosen = WebhookPlaces(256).choose(from: slow + candidates(1, "new", -1, age: -1e6))
        #expect(count("new", in: chosen) == 1)
        #expect(chosen.count <= 256 && Set(chosen).count == chosen.count)
        var places = WebhookPlaces(256)
        for id in chosen { places.take(id, company: String(id.prefix { $0 != "-" }), endpoint: Int64(id.hashValue)) }
        #expect(places.free > 0)
        #expect(places.choose(from: candidates(1, "later", -2)).count == 1)
    }

    @Test func `the company that has fewest goes first, then the one that waits longest`() {
        var places = WebhookPlaces(256)
        for number in 0..<3 { places.take("held\(number)", company: "a", endpoint: 1) }
        let chosen = places.choose(
            from: candidates(1, "a", 9, age: 99) + candidates(1, "b", 2) + candidates(1, "c", 3, age: 5))
        #expect(chosen == ["c-3-0", "b-2-0", "a-9-0"])
    }

    @Test func `a full endpoint does not hide another one of its company`() {
        let chosen = WebhookPlaces(16).choose(from: candidates(100, "a", 1, age: 1000) + candidates(1, "a", 2))
        #expect(chosen.contains("a-2-0"))
    }

    @Test func `without a free place nobody gets one, and a place that is given back counts again`() {
        var places = WebhookPlaces(1)
        places.take("x", company: "a", endpoint: 1)
        #expect(places.free == 0 && places.ids == ["x"])
        #expect(places.choose(from: candidates(1, "b", 2)) == [])
        places.giveBack("x")
        places.giveBack("x")
        #expect(places.free == 1)
        #expect(places.choose(from: candidates(1, "b", 2)) == ["b-2-0"])
    }

    @Test func `who was passed over keeps the company's turn, among companies that have as many`() {
        var places = WebhookPlaces(64)
        // Of endpoint 1 eight may be under way, and are: what waits for it is passed over.
        for number in 0..<8 { places.take("held\(number)", company: "x", endpoint: 1) }
        let old = candidates(3, "a", 1, age: 1000) + candidates(2, "a", 2)
        let chosen = places.choose(from: old + candidates(2, "b", 3, age: 500))
        #expect(chosen == ["a-2-0", "b-3-0", "a-2-1", "b-3-1"])
    }
}
