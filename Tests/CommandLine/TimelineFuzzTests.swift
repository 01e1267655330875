import Contracts
import Foundation
import Foundations
import TestSupport
import Testing

@testable import CommandLineTool

/// What shows the events of a task, against broken and hostile ones.
@Suite(.timeLimit(.minutes(5 * Fuzzer.factor))) struct TimelineFuzzTests {
    private static let details: [(EventType, JSONValue)] = [
        (.planCreated, ["steps": ["a", "b", "c"], "files_to_create": ["n"], "files_to_modify": ["o"]]),
        (.implementationStep, ["tool": "write_file", "summary": "wrote n", "ok": true]),
        (.implementationStep, ["tool": "update_todos", "summary": "1 of 2 todos done", "ok": true]),
        (.implementationCompleted, ["files_changed": 2]),
        (.budgetAlert, ["cost_usd": 0.5]),
        (.workflowFailed, ["status": "stuck", "steps_completed": 2, "artifacts": ["cost_usd": 0.25]]),
    ]

    private func messages() throws -> [Data] {
        let address = TaskAddress(
            company: CompanyID(validated: "c"), project: ProjectID(validated: "p"), task: TaskID(validated: "t"))
        return try Self.details.enumerated().map { index, event in
            try JSON.encode(
                Event(
                    seq: index + 1, workflowID: UUID.v7().text, address: address, type: event.0, message: "said",
                    details: event.1, timestamp: Date(timeIntervalSince1970: 1_800_000_000)))
        }
    }

    @Test func `a bar is as wide as it is to be, whatever the events say`() throws {
        var fuzzer = Fuzzer(seed: 10)
        let messages = try messages()
        for _ in 0..<50 * Fuzzer.factor {
            var timeline = Timeline()
            for message in messages {
                for data in [fuzzer.variant(of: message), message] {
                    guard let event = try? JSON.decode(Event.self, from: data) else { continue }
                    _ = timeline.line(event)
                    #expect(timeline.bar(now: Date()).prefix { "█░".contains($0) }.count == 20)
                }
            }
        }
    }

    @Test(arguments: Fuzzer.numbers)
    func `no number of steps breaks the bar`(_ number: String) throws {
        guard let count = try? JSONValue(parsing: number) else { return }
        var timeline = Timeline()
        for (index, details) in [["steps": ["a"]], ["steps_completed": count] as JSONValue].enumerated() {
            let types: [EventType] = [.planCreated, .workflowFailed]
            let event: JSONValue = [
                "event_id": .string(UUID.v7().text), "seq": .int(index + 1), "workflow_id": .string(UUID.v7().text),
                "company_id": "c", "project_id": "p", "task_id": "t", "message": "",
                "notification_type": .string(types[index].rawValue), "details": details,
                "timestamp": "2026-11-27T09:30:00.000Z",
            ]
            #expect(timeline.line(try event.decode(Event.self)) != nil)
        }
        #expect(timeline.bar(now: Date(), width: 5).prefix { "█░".contains($0) }.count == 5)
    }
}
