import Contracts
import Foundation
import Foundations
import Testing

@Suite struct OperationTests {
    @Test(arguments: [
        ("{}", "action: missing"), ("[]", "expected an object, got a list"),
        (
            #"{"action": "cancel"}"#,
            "action: expected one of pause, resume, checkpoint, report, drain, restart"
        ),
        (#"{"action": "drain"}"#, "replica: missing"), (#"{"action": "restart"}"#, "replica: missing"),
        (#"{"action": "restart", "replica": "a.b"}"#, "replica: expected [A-Za-z0-9_-]{1,64}"),
        (#"{"action": "checkpoint", "replica": "coder-2"}"#, "replica: checkpoint is not of a replica"),
        (#"{"action": "pause", "actor": 7}"#, "actor: expected a string, got a number"),
    ])
    func `a bad operation is refused by its field`(_ body: String, _ expected: String) {
        let error = #expect(throws: FieldError.self) { try OperationRequest(decoding: Data(body.utf8)) }
        #expect(error?.description == expected)
    }

    @Test(arguments: OperationRequest.Action.allCases)
    func `an operation reads back as it was written`(_ action: OperationRequest.Action) throws {
        let replica = [.drain, .restart].contains(action) ? "coder-2" : nil
        let request = OperationRequest(action, replica: replica, actor: "ann")
        #expect(try OperationRequest(decoding: try request.json.data()) == request)
    }

    @Test func `of a checkpoint people read how it went`() {
        let event = CheckpointReached(
            reportID: "r", actor: "ann", since: Date(), tasksEnded: 3, tasksSucceeded: 2, costUSD: 1)
        #expect(event.message == "Checkpoint reached: 2 of 3 tasks ended with success; resume to go on")
    }
}
