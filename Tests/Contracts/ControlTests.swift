import Contracts
import Foundation
import Foundations
import Testing

@Suite struct ControlTests {
    @Test(arguments: [
        ("{}", "action: missing"), ("[]", "expected an object, got a list"), ("cancel", "not JSON at byte 0"),
        (#"{"action": 1}"#, "action: expected a string, got a number"),
        (
            #"{"action": "stop"}"#,
            #"action: expected one of cancel, pause, resume, steer, approve, reject, retry, raise_budget, replay_webhook"#
        ),
        (#"{"action": "steer"}"#, "message: missing"), (#"{"action": "steer", "message": ""}"#, "message: empty"),
        (#"{"action": "replay_webhook"}"#, "id: missing"),
        (#"{"action": "raise_budget"}"#, "max_cost_usd: missing"),
        (#"{"action": "raise_budget", "max_cost_usd": "9"}"#, "max_cost_usd: expected a number, got a string"),
        (#"{"action": "raise_budget", "max_cost_usd": -1}"#, "max_cost_usd: expected 0.0…1000000.0"),
    ])
    func `a bad control request is refused by its field`(_ body: String, _ expected: String) {
        let error = #expect(throws: FieldError.self) { try ControlRequest(decoding: Data(body.utf8)) }
        #expect(error?.description == expected)
    }

    @Test func `who asks stands beside what is asked`() throws {
        let said = try ControlMessage(decoding: Data(#"{"action": "steer", "message": "m", "actor": "ann"}"#.utf8))
        #expect(said == ControlMessage(.steer(message: "m"), actor: "ann"))
        #expect(try ControlMessage(decoding: said.json.data()) == said)
        #expect(ControlMessage(.pause).json == ["action": "pause"])
        for body in [#"{"action": "pause"}"#, #"{"action": "pause", "actor": " "}"#] {
            #expect(try ControlMessage(decoding: Data(body.utf8)) == ControlMessage(.pause))
        }
        let long = String(repeating: "x", count: 129)
        for (actor, expected) in [("5", "expected a string, got a number"), ("\"\(long)\"", "longer than 128 bytes")] {
            let body = #"{"action": "pause", "actor": \#(actor)}"#
            let error = #expect(throws: FieldError.self) { try ControlMessage(decoding: Data(body.utf8)) }
            #expect(error?.description == "actor: \(expected)")
        }
    }

    @Test func `unknown fields of a control request pass`() throws {
        #expect(try ControlRequest(decoding: Data(#"{"action": "pause", "by": "ann"}"#.utf8)) == .pause)
    }

    @Test func `a reply that is neither ok nor an error is refused`() {
        for body in ["{}", #"{"ok": false}"#, #"{"ok": "yes"}"#, #"{"ok": false, "error": {"code": "x"}}"#] {
            #expect(throws: FieldError.self) { try Reply(decoding: Data(body.utf8)) }
        }
    }

    @Test func `a time is the same after writing and reading, to the millisecond`() {
        for milliseconds in 0..<2000 {
            let text = String(format: "2026-11-21T09:30:%02d.%03dZ", milliseconds / 1000, milliseconds % 1000)
            #expect(Timestamp.date(text).map(Timestamp.text) == text)
        }
        #expect(Timestamp.date("2026-11-21T09:30:00Z").map(Timestamp.text) == "2026-11-21T09:30:00.000Z")
        #expect(Timestamp.date("yesterday") == nil)
    }
}
