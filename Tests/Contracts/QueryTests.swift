import Contracts
import Foundation
import Foundations
import Testing

@Suite struct QueryTests {
    private func decoded(_ text: String) throws -> QueryRequest { try QueryRequest(decoding: Data(text.utf8)) }

    @Test func `a query of events needs no more than its name`() throws {
        #expect(try decoded(#"{"what": "events"}"#) == QueryRequest(.events))
        #expect(
            try decoded(#"{"what": "events", "filter": {"since": 7}, "limit": 5, "cursor": "12", "more": 1}"#)
                == QueryRequest(.events, since: 7, limit: 5, before: 12))
    }

    @Test(arguments: [
        (#"nonsense"#, "not JSON at byte 1"), (#"{}"#, "what: missing"),
        (#"{"what": "tasks"}"#, "what: tasks is not built yet"),
        (#"{"what": "secrets"}"#, "what: expected one of events"), (#"{"what": 5}"#, "what: expected a string"),
        (#"{"what": "events", "limit": 201}"#, "limit: expected 1…200"),
        (#"{"what": "events", "limit": 0}"#, "limit: expected 1…200"),
        (#"{"what": "events", "cursor": "x"}"#, "cursor: is not of an answer"),
        (#"{"what": "events", "cursor": 12}"#, "cursor: expected a string"),
        (#"{"what": "events", "filter": {"since": -1}}"#, "filter.since: expected"),
        (#"{"what": "events", "filter": {"status": "x"}}"#, "filter: can hold since alone"),
        (#"{"what": "events", "filter": []}"#, "filter: expected an object"),
    ])
    func `what cannot be answered is refused by name`(_ body: String, _ reason: String) {
        let error = #expect(throws: FieldError.self) { try decoded(body) }
        #expect(error?.description.hasPrefix(reason) == true, "\(error?.description ?? "")")
    }

    private func events(_ seqs: [Int], text: Int) -> [Event] {
        seqs.map { seq in
            Event(
                seq: seq, workflowID: Sample.workflowID, address: Sample.address, type: .implementationStep,
                message: String(repeating: "x", count: text), details: [:])
        }
    }

    @Test func `a page leads to the next one as long as there is one`() throws {
        #expect(try QueryPage(events([9, 8, 7], text: 1), hasMore: true).cursor == "7")
        #expect(try QueryPage(events([9, 8, 7], text: 1), hasMore: false).cursor == nil)
        #expect(try QueryPage([], hasMore: false) == QueryPage(items: [], cursor: nil))
        let page = try QueryPage(events([9, 8], text: 1), hasMore: true)
        #expect(QueryPage(page.fields) == page)
    }

    @Test func `a page fits into a message, and holds something`() throws {
        let largest = events(Array((1...200).reversed()), text: Event.maximumBytes)
        let page = try QueryPage(largest, hasMore: false)
        #expect(try Reply.ok(page.fields).json.data().count < 1 << 20)
        #expect(page.items.count > 50 && page.cursor == "\(201 - page.items.count)")
        #expect(try QueryPage(largest, hasMore: false, atMost: 1).items.count == 1)
    }
}
