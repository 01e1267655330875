import Database
import Foundation
import Foundations
import TestSupport
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5))) struct DutyTests {
    private let duties: Set = ["leases", "broker"]

    @Test func `who comes first holds a duty until its lease ends`() async throws {
        try await withStore { fixture in
            let (first, second) = (UUID(), UUID())
            #expect(try await fixture.store.claimDuties(duties, owner: first, lease: lease) == duties)
            #expect(try await fixture.store.claimDuties(duties, owner: second, lease: lease).isEmpty)
            #expect(try await fixture.store.claimDuties(duties, owner: first, lease: lease) == duties)
            try await fixture.run("update duties set lease_until = now()")
            #expect(try await fixture.store.claimDuties(duties, owner: second, lease: lease) == duties)
            #expect(try await fixture.store.claimDuties(duties, owner: first, lease: lease).isEmpty)
        }
    }

    @Test func `the database's clock counts, from each claim on`() async throws {
        try await withStore { fixture in
            _ = try await fixture.store.claimDuties(duties, owner: UUID(), lease: .seconds(1))
            let kept: SQL = "bool_and(lease_until > now() and lease_until <= now() + interval '1 second')"
            #expect(try await fixture.value("select \(kept) as value from duties") == true)
            let owner = UUID()
            try await eventually("the lease has ended") {
                try await fixture.store.claimDuties(duties, owner: owner, lease: lease) == duties
            }
        }
    }

    @Test func `a duty that is given back is free at once, those of others stay`() async throws {
        try await withStore { fixture in
            let (first, second) = (UUID(), UUID())
            _ = try await fixture.store.claimDuties(["leases"], owner: first, lease: lease)
            #expect(try await fixture.store.claimDuties(duties, owner: second, lease: lease) == ["broker"])
            try await fixture.store.giveBackDuties(of: first)
            #expect(try await fixture.store.claimDuties(duties, owner: first, lease: lease) == ["leases"])
        }
    }

    @Test func `of many that claim at once one gets each duty`() async throws {
        try await withStore(connections: 8) { fixture in
            for round in 0..<20 {
                let duties = Set((0..<6).map { "duty \(round)-\($0)" })
                let claimed = try await withThrowingTaskGroup(of: Set<String>.self) { group in
                    for number in 0..<8 {
                        group.addTask {
                            let owner = UUID()
                            let held = try await fixture.store.claimDuties(duties, owner: owner, lease: lease)
                            // Whoever gives back while others claim disturbs nobody.
                            guard number.isMultiple(of: 2) else { return held }
                            try await fixture.store.giveBackDuties(of: owner)
                            return []
                        }
                    }
                    return try await group.reduce(into: [String]()) { $0 += $1 }
                }
                #expect(claimed.count == Set(claimed).count)
            }
        }
    }

    @Test func `no duties are none`() async throws {
        try await withStore { fixture async throws in
            #expect(try await fixture.store.claimDuties([], owner: UUID(), lease: lease).isEmpty)
        }
    }
}
