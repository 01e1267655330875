import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(2))) struct AccessTokenTests {
    private func digest(_ digit: Int) -> String { String(repeating: "\(digit)", count: 64) }

    @Test func `a token lets in until it is revoked, and its sessions with it`() async throws {
        try await withStore { fixture in
            let store = fixture.store
            let grant = AccessGrant(name: "ci", role: .operator, company: CompanyID("acme"))
            #expect(try await store.create(grant, digest: digest(1)))
            #expect(try await !store.create(AccessGrant(name: "ci", role: .admin, company: nil), digest: digest(2)))
            let known = try #require(try await store.accessGrant(token: digest(1)))
            #expect(known.id == grant.id && known.role == .operator && known.company == CompanyID("acme"))
            #expect(try await store.accessGrant(token: digest(2)) == nil)
            #expect(try await store.signIn(token: digest(1), session: digest(3), for: .seconds(60))?.name == "ci")
            #expect(try await store.signIn(token: digest(2), session: digest(4), for: .seconds(60)) == nil)
            #expect(try await store.accessGrant(session: digest(3))?.name == "ci")
            #expect(try await store.accessGrant(session: digest(1)) == nil)
            #expect(try await store.accessGrants().map(\.name) == ["ci"])
            #expect(try await store.revoke("ci"))
            #expect(try await !store.revoke("ci"))
            #expect(try await store.accessGrant(token: digest(1)) == nil)
            #expect(try await store.accessGrant(session: digest(3)) == nil)
        }
    }

    @Test func `an invitation is taken once, by whoever is first`() async throws {
        try await withStore { fixture in
            let store = fixture.store
            try await store.replace(AccessGrant(name: "local", role: .admin, company: nil), digest: digest(1))
            // A new token of the name keeps what came of the old one.
            try await store.replace(AccessGrant(name: "local", role: .admin, company: nil), digest: digest(2))
            #expect(try await store.invite(as: "local", invitation: digest(3), for: .seconds(60)))
            #expect(try await !store.invite(as: "nobody", invitation: digest(4), for: .seconds(60)))
            #expect(try await store.accessGrant(session: digest(3)) == nil)
            let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
                for digit in 5...8 {
                    group.addTask {
                        try await store.redeem(
                            invitation: digest(3), session: digest(digit), for: .seconds(60)) != nil
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(taken == 1)
        }
    }

    @Test func `what is over lets nobody in, and is removed`() async throws {
        try await withStore { fixture in
            let store = fixture.store
            _ = try await store.create(AccessGrant(name: "a", role: .viewer, company: nil), digest: digest(1))
            _ = try await store.invite(as: "a", invitation: digest(2), for: .zero)
            #expect(try await store.redeem(invitation: digest(2), session: digest(3), for: .seconds(60)) == nil)
            _ = try await store.signIn(token: digest(1), session: digest(4), for: .zero)
            #expect(try await store.accessGrant(session: digest(4)) == nil)
            _ = try await store.signIn(token: digest(1), session: digest(5), for: .seconds(60))
            #expect(try await fixture.value("select count(*) as value from access_sessions") == 1)
            try await store.signOut(session: digest(5))
            #expect(try await fixture.value("select count(*) as value from access_sessions") == 0)
        }
    }

    @Test func `a gateway signs in and reads, and writes nothing else; no other service knows a token`() async throws {
        try await Installation.with { installation in
            try await installation.as("postgres") { owner in
                _ = try await owner.store.create(AccessGrant(name: "a", role: .viewer, company: nil), digest: digest(1))
                _ = try await owner.store.invite(as: "a", invitation: digest(2), for: .seconds(60))
                try await owner.submit("t")
            }
            try await installation.as(ServiceKind.gateway.databaseRole) { gateway in
                let store = gateway.store
                #expect(try await store.accessGrant(token: digest(1)) != nil)
                #expect(try await store.redeem(invitation: digest(2), session: digest(3), for: .seconds(60)) != nil)
                #expect(try await store.signIn(token: digest(1), session: digest(4), for: .seconds(60)) != nil)
                try await store.signOut(session: digest(3))
                let cursor = try await store.eventCursor()
                #expect(try await store.events(after: cursor)?.messages.isEmpty == true)
                #expect(try await store.events(of: try address("t"), after: 0) != nil)
                #expect(try await store.snapshot(try address("t")) != nil)
                #expect(try await store.page(QueryRequest("tasks"), in: .platform)?.items.count == 1)
                let writes: [SQL] = [
                    "insert into access_tokens (id, name, role, digest) values (gen_random_uuid(), 'x', 'admin', 'd')",
                    "update access_tokens set role = 'admin'", "delete from access_tokens", "delete from tasks",
                    "update tasks set priority = 1", "insert into outbox (subject) values ('s')", "delete from outbox",
                    "update stage_runs set state = 'held'", "insert into steering (message) values ('m')",
                    "select from sealed_credentials", "select from tasks for update", "delete from journal",
                ]
                for write in writes { #expect(await gateway.isForbidden(write), "\(write.text)") }
            }
            for service in ServiceKind.allCases where service != .gateway {
                try await installation.as(service.databaseRole) { other in
                    #expect(await other.isForbidden("select from access_tokens"))
                    #expect(await other.isForbidden("select from access_sessions"))
                }
            }
        }
    }
}
