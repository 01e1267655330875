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

    @Test func `what validation may and asks is told on the wire, and a request without it stays as it was`() throws {
        var request = Sample.minimalRequest
        for name in ["write", "require_tests"] { #expect(request.json["validation"]?[name] == nil) }
        (request.validation.write, request.validation.requireTests) = (true, true)
        for name in ["write", "require_tests"] { #expect(request.json["validation"]?[name] == true) }
        #expect(try TaskRequest(request.json) == request)
    }

    @Test func `counts that nobody understood are null, and evidence of before reads without its new fields`() throws {
        let json = try JSONValue(encoding: ValidationResult(success: true))
        #expect(json["tests_passed"] == .null && json["tests_failed"] == .null)
        #expect(try json.decode(ValidationResult.self) == ValidationResult(success: true))
        let old: JSONValue = [
            "workflow_id": "w", "tree": "t", "success": true, "commands": ["make test"], "exit_codes": [0],
        ]
        let evidence: Evidence = try old.decode()
        #expect(evidence.requested.isEmpty && evidence.baseCommit.isEmpty && evidence.commands == ["make test"])
        #expect(json["checks"] == nil)
    }

    /// What they do not know they leave out before they verify: another field is another message to them.
    @Test func `evidence is of the fields alone that pushers of before know`() throws {
        let evidence = Evidence(
            workflowID: "w", baseCommit: "b", tree: "t", success: true, requested: [], commands: [], exitCodes: [],
            setup: "s")
        let names = try #require(try JSONValue(encoding: evidence).objectValue).keys.sorted()
        #expect(
            names == [
                "base_commit", "commands", "exit_codes", "requested", "setup", "success", "tree", "workflow_id",
            ])
    }

    @Test func `steps that are done follow the files of the plan, and all are done once the coder says so`() {
        let plan = ImplementationPlan(
            goal: "g", steps: ["a", "b", "c", "d"], filesToCreate: ["new.py"], filesToModify: ["old.py"])
        #expect(plan.stepsDone(changing: [], isFinished: true) == 0)
        #expect(plan.stepsDone(changing: ["other.py"], isFinished: false) == 0)
        #expect(plan.stepsDone(changing: ["old.py"], isFinished: false) == 2)
        #expect(plan.stepsDone(changing: ["old.py", "new.py"], isFinished: false) == 3)
        #expect(plan.stepsDone(changing: ["other.py"], isFinished: true) == 4)
        #expect(ImplementationPlan.steps(3, done: 9, of: 2) == 3)
        #expect(ImplementationPlan.steps(.max, done: 2, of: 3) == 0)
    }

    @Test func `details read back from the details of their event`() throws {
        let event: Event = try JSON.decode(from: GoldenCase.file("event_changes_pushed"))
        let details: ChangesPushed = try event.details.decode()
        #expect(details.branchName == Sample.branch)
        let end: Event = try JSON.decode(from: GoldenCase.file("event_workflow_completed"))
        #expect(try end.details.decode(WorkflowResult.self) == Sample.result)
    }

    @Test func `every event that is sent to subscribers has a golden file`() throws {
        for type in EventType.allCases where type.isOutgoing {
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
