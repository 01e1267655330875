import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct SubmissionTests {
    @Test func `of twenty submissions of a task at once one is accepted`() async throws {
        try await withStore(connections: 10) { fixture in
            let address = try address("t1")
            let outcomes = try await withThrowingTaskGroup(of: SubmissionOutcome.self) { group in
                for index in 0..<20 {
                    group.addTask {
                        let hash = index.isMultiple(of: 2) ? "same" : "other"
                        return try await fixture.store.submit(
                            Submission(request: request(address), contentHash: hash))
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let accepted = outcomes.filter { if case .accepted = $0 { true } else { false } }
            #expect(accepted.count == 1)
            #expect(outcomes.filter { if case .duplicate = $0 { true } else { false } }.count == 9)
            #expect(outcomes.filter { if case .conflict = $0 { true } else { false } }.count == 10)
            #expect(try await fixture.value("select count(*) as value from tasks") == 1)
            #expect(try await fixture.value("select count(*) as value from outbox") == 2)
        }
    }

    @Test func `plain credentials are refused by the store and by the database`() async throws {
        try await withStore { fixture in
            var plain = request(try address("t1"))
            plain.repository.credentials = .accessToken(Secret("token"), username: nil)
            let submission = Submission(request: plain, contentHash: "h")
            #expect(
                try await storeError { _ = try await fixture.store.submit(submission) } == .plainCredentials)
            let id = try await fixture.submit("t2")
            await #expect(throws: DatabaseError.self) {
                try await fixture.run(
                    """
                    update tasks set request = jsonb_set(request, '{repository,credentials,credential_type}',
                        '"access_token"') where workflow_id = \(id)
                    """)
            }
        }
    }

    @Test func `the time limit is the request's or the default`() async throws {
        try await withStore { fixture in
            for (task, timeout, expected) in [("t1", 60, 60.0), ("t2", nil, 90)] {
                var request = request(try address(task))
                request.timeoutSeconds = timeout
                let submission = Submission(request: request, contentHash: "h", defaultTimeout: .seconds(90))
                guard case .accepted(let id, _) = try await fixture.store.submit(submission) else { continue }
                let record = try await fixture.record(id)
                #expect(record.deadlineAt.timeIntervalSince(record.createdAt) == expected)
            }
        }
    }

    @Test func `a request with NUL in its context is stored`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1") { $0.task.context = ["a\0": "b\0"] }
            #expect(try await fixture.claim().request.task.context == ["a\u{FFFD}": "b\u{FFFD}"])
        }
    }

    @Test func `a rejection is kept once and told once`() async throws {
        try await withStore { fixture in
            let rejection = Rejection(
                address: try address("t1"), subject: "automata.workflows.acme.web.t1.task_submitted", excerpt: "{\0",
                code: "invalid", field: "task.title", reason: "missing", deduplicationKey: "stream:7")
            let messages = try await fixture.store.reject(rejection)
            let event = try JSON.decode(Event.self, from: try #require(messages.first).payload)
            #expect(event.seq == 1 && event.workflowID == rejection.id.text)
            #expect(event.details == ["code": "invalid", "field": "task.title", "reason": "missing"])
            var again = rejection
            again.id = .v7()
            #expect(try await fixture.store.reject(again).isEmpty)
            #expect(try await fixture.value("select count(*) as value from rejected_submissions") == 1)
            #expect(try await fixture.store.activities(try address("t1")).first?.type == .error)
        }
    }

    @Test func `a rejection without an address is kept and not told`() async throws {
        try await withStore { fixture async throws in
            let rejection = Rejection(
                address: nil, subject: "automata.workflows.a b", excerpt: "", code: "invalid", field: "",
                reason: "not JSON",
                deduplicationKey: "stream:8")
            #expect(try await fixture.store.reject(rejection).isEmpty)
            #expect(try await fixture.value("select count(*) as value from rejected_submissions") == 1)
        }
    }
}
