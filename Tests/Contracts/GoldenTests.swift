import Contracts
import Foundation
import Foundations
import Testing

/// The messages of the contract byte for byte: what other programs rely on.
@Suite struct GoldenTests {
    @Test(arguments: try GoldenCase.all())
    func `a message is written as its golden file`(_ message: GoldenCase) throws {
        #expect(String(decoding: try GoldenCase.file(message.name), as: UTF8.self) == (try message.text()))
    }

    @Test(arguments: try GoldenCase.all())
    func `a golden file reads as its message and is written the same again`(_ message: GoldenCase) throws {
        let file = try GoldenCase.file(message.name)
        let again = try message.recode(file)
        #expect(again == message.encoded)
        #expect(try GoldenCase.pretty(again) == String(decoding: file, as: UTF8.self))
        #expect(try again.data() == message.encoded.data())
    }

    @Test func `a request with the required fields alone gets the documented defaults`() throws {
        let request = try TaskRequest(decoding: GoldenCase.file("task_request_minimal"))
        #expect(request == Sample.minimalRequest)
    }

    @Test func `details read back from the details of their event`() throws {
        let event: Event = try JSON.decode(from: GoldenCase.file("event_changes_pushed"))
        let details: ChangesPushed = try event.details.decode()
        #expect(details.branchName == Sample.branch)
        let end: Event = try JSON.decode(from: GoldenCase.file("event_workflow_completed"))
        #expect(try end.details.decode(WorkflowResult.self) == Sample.result)
    }

    @Test func `every event that is sent to subscribers has a golden file`() throws {
        let requests: Set<EventType> = Set(Flow.rows.map(\.trigger) + [.taskSubmitted])
        for type in EventType.allCases where !requests.contains(type) {
            #expect(throws: Never.self) { try GoldenCase.file("event_\(type.rawValue)") }
        }
    }

    @Test func `no golden file is without a test`() throws {
        let folder = try #require(Bundle.module.url(forResource: "Golden", withExtension: nil))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        let known = try GoldenCase.all().map { "\($0.name).json" } + ["task_request_minimal.json"]
        #expect(Set(files) == Set(known))
    }
}
