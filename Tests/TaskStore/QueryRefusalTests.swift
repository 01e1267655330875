import Contracts
import Database
import Foundations
import Testing

@testable import TaskStore

/// What is refused before the database is asked.
@Suite struct QueryRefusalTests {
    private func refusal(
        _ what: String, _ scope: QueryScope = .platform, filter: [String: JSONValue] = [:], cursor: String? = nil
    ) -> String? {
        do throws(FieldError) {
            _ = try QueryStatement(QueryRequest(what, filter: filter, cursor: cursor), in: scope)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `a list that there is not is refused by its name`() {
        #expect(refusal("secrets")?.hasPrefix("what: expected one of tasks, ") == true)
        for name in QueryList.later { #expect(refusal(name) == "what: \(name) is not built yet") }
        let names = QueryList.all.map(\.what) + QueryList.later
        #expect(Set(names).count == names.count && names.count == 24)
    }

    @Test func `a list is asked of what it has an index for`() throws {
        #expect(
            refusal("transcript", .company(CompanyID(validated: "acme")))
                == "what: transcript can be asked of a task, and not of a company")
        #expect(refusal("transcript", .task(try address("t"))) == nil)
    }

    @Test(
        arguments: [
            ("webhooks", ["text": "x"], "filter.text: there is no such field"),
            ("tasks", ["session": "x"], "filter.session: there is no such field"),
            ("tasks", ["text": ""], "filter.text: expected a text"),
            ("tasks", ["tag": ["a", "b"]], "filter.tag: expected a string"),
            ("tasks", ["parent": "7"], "filter.parent: expected a UUID"),
            ("tasks", ["status": "asleep"], "filter.status: expected statuses"),
            ("tasks", ["status": []], "filter.status: expected statuses"),
            ("tasks", ["status": 5], "filter.status: expected a list, got a number"),
            ("tasks", ["since": "yesterday"], "filter.since: expected an ISO 8601 time"),
            ("tasks", ["since": 7], "filter.since: expected a string"),
            ("tasks", ["workflow": "7"], "filter.workflow: expected a UUID"),
            ("queue", ["kind": "x"], "filter.kind: expected some of plan"),
            ("webhooks", ["status": ["dead", "x"]], "filter.status: expected some of pending"),
        ] as [(String, [String: JSONValue], String)])
    func `a filter that a list cannot be asked by is refused, not passed over`(
        _ what: String, _ filter: [String: JSONValue], _ reason: String
    ) {
        let refusal = refusal(what, filter: filter)
        #expect(refusal?.hasPrefix(reason) == true, "\(refusal ?? "")")
    }

    @Test(arguments: [
        ("tasks", ""), ("tasks", "x"), ("tasks", "2026-01-02 03:04:05+00"), ("tasks", "2026-01-02 03:04:05+00~x"),
        ("attempts", "x"), ("attempts", "1~2"), ("queue", "1"),
    ])
    func `a cursor that is of no answer is refused`(_ what: String, _ cursor: String) {
        #expect(refusal(what, cursor: cursor) == "cursor: is not of an answer")
    }

    @Test func `a cursor leads behind the values that it names`() throws {
        let cursor = "2026-01-02 03:04:05.000001+00~01939b1e-3c00-7000-8000-000000000001"
        #expect(refusal("tasks", cursor: cursor) == nil)
        let place = QueryPlace(scope: .platform)
        let statement = try QueryStatement(QueryRequest("tasks", cursor: cursor), in: .platform).select(place)
        #expect(statement.text.contains("(t.created_at, t.workflow_id) < ($1, $2)"))
    }
}
