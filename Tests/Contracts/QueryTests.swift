import Contracts
import Foundation
import Foundations
import Testing

@Suite struct QueryTests {
    private func decoded(_ text: String) throws -> QueryRequest { try QueryRequest(decoding: Data(text.utf8)) }

    @Test func `a query needs no more than the name of a list`() throws {
        #expect(try decoded(#"{"what": "events"}"#) == QueryRequest("events"))
        #expect(
            try decoded(#"{"what": "events", "filter": {"since": 7}, "limit": 5, "cursor": "12", "more": 1}"#)
                == QueryRequest("events", filter: ["since": 7], limit: 5, cursor: "12"))
    }

    @Test(arguments: [
        (#"nonsense"#, "not JSON at byte 1"), (#"{}"#, "what: missing"), (#"{"what": 5}"#, "what: expected a string"),
        (#"{"what": "events", "limit": 201}"#, "limit: expected 1…200"),
        (#"{"what": "events", "limit": 0}"#, "limit: expected 1…200"),
        (#"{"what": "events", "cursor": 12}"#, "cursor: expected a string"),
        (#"{"what": "events", "filter": []}"#, "filter: expected an object"),
    ])
    func `what cannot be read is refused by name`(_ body: String, _ reason: String) {
        let error = #expect(throws: FieldError.self) { try decoded(body) }
        #expect(error?.description.hasPrefix(reason) == true, "\(error?.description ?? "")")
    }

    private func scope(_ company: String, _ project: String, _ task: String) -> QueryScope? {
        QueryScope(
            TaskAddress(
                company: CompanyID(validated: company), project: ProjectID(validated: project),
                task: TaskID(validated: task)))
    }

    @Test func `a dash stands for all of the one before, and nothing is named behind it`() {
        let company = CompanyID(validated: "acme")
        #expect(scope("-", "-", "-") == .platform)
        #expect(scope("acme", "-", "-") == .company(company))
        #expect(scope("acme", "web", "-") == .project(company, ProjectID(validated: "web")))
        #expect(scope("acme", "web", "--")?.level == .task)
        for (company, project, task) in [("acme", "-", "t"), ("-", "web", "t"), ("-", "-", "t"), ("-", "web", "-")] {
            #expect(scope(company, project, task) == nil)
        }
    }

    private func rows(_ seqs: [Int], text: Int) -> [(item: JSONValue, cursor: String)] {
        seqs.map { seq in
            (["seq": .int(seq), "message": .string(String(repeating: "x", count: text))], "\(seq)")
        }
    }

    @Test func `a page leads to the next one as long as there is one`() throws {
        #expect(try QueryPage(rows([9, 8, 7], text: 1), hasMore: true).cursor == "7")
        #expect(try QueryPage(rows([9, 8, 7], text: 1), hasMore: false).cursor == nil)
        #expect(try QueryPage([], hasMore: false) == QueryPage(items: [], cursor: nil))
        let page = try QueryPage(rows([9, 8], text: 1), hasMore: true)
        #expect(QueryPage(page.fields) == page)
    }

    @Test func `a page fits into a message, and holds something`() throws {
        let largest = rows(Array((1...200).reversed()), text: Event.maximumBytes)
        let page = try QueryPage(largest, hasMore: false)
        #expect(try Reply.ok(page.fields).json.data().count < 1 << 20)
        #expect(page.items.count > 50 && page.cursor == "\(201 - page.items.count)")
        #expect(try QueryPage(largest, hasMore: false, atMost: 1).items.count == 1)
        let item = try QueryPage(rows([1], text: 2 << 20), hasMore: false).items.first
        #expect(item?["truncated"] == true && item?["seq"] == 1)
    }
}
