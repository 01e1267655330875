import ArgumentParser
import Contracts
import Foundation
import Foundations
import Testing

@testable import CommandLineTool

struct TimelineTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    private func event(_ seq: Int, _ type: EventType, _ details: JSONValue = [:], after seconds: Double = 0) throws
        -> Event
    {
        let address = try TaskReference.parse(["c/p/t"]).address()
        return Event(
            seq: seq, workflowID: UUID.v7().text, address: address, type: type, message: "said", details: details,
            timestamp: start.addingTimeInterval(seconds))
    }

    @Test func `a line holds the time since the start, the event and its message`() throws {
        var timeline = Timeline()
        _ = timeline.line(try event(1, .workflowStarted))
        let line = try #require(timeline.line(try event(2, .repoCloned, after: 2.5)))
        #expect(line.contains("2.5s"))
        #expect(line.contains("repo_cloned"))
        #expect(line.hasSuffix("said"))
    }

    @Test func `the bar takes any number of steps that an event claims`() throws {
        for done in [-1, 5, Int.max] {
            var timeline = Timeline()
            _ = timeline.line(try event(1, .planCreated, ["steps": ["a", "b"]]))
            _ = timeline.line(try event(2, .workflowCompleted, ["steps_completed": .int(done)]))
            #expect(timeline.bar(now: start, width: 4).hasPrefix(done > 0 ? "████ " : "░░░░ "))
        }
    }

    @Test func `what a line says steers no terminal`() {
        #expect(Output.plain("a\u{1B}[2J\u{9B}1A\u{7}\r\tä\n") == "a\u{FFFD}[2J\u{FFFD}1A\u{FFFD}\u{FFFD}\tä\n")
    }

    @Test func `an event that was seen gives no line`() throws {
        var timeline = Timeline()
        #expect(timeline.line(try event(1, .workflowStarted)) != nil)
        #expect(timeline.line(try event(1, .workflowStarted)) == nil)
    }

    @Test func `events that are missing are named`() throws {
        var timeline = Timeline()
        _ = timeline.line(try event(1, .workflowStarted))
        #expect(try #require(timeline.line(try event(4, .planCreated))).contains("2…3"))
    }

    @Test func `the bar follows the coder's own list over the planned steps`() throws {
        var timeline = Timeline()
        _ = timeline.line(try event(1, .planCreated, ["steps": ["a", "b", "c", "d"]]))
        _ = timeline.line(try event(2, .implementationStarted))
        _ = timeline.line(
            try event(3, .implementationStep, ["tool": "update_todos", "summary": "1 of 2 todos done"]))
        #expect(timeline.doneSteps == 2)
        let bar = timeline.bar(now: start.addingTimeInterval(61), width: 8)
        #expect(bar.hasPrefix("████░░░░ 2/4 steps"))
        #expect(bar.contains("implementing · update_todos · 61s"))
    }

    @Test func `without a list of the coder the bar follows the files of the plan, and waits for the end`() throws {
        var timeline = Timeline()
        let plan: JSONValue = [
            "steps": ["a", "b", "c", "d"], "files_to_create": ["new.py"], "files_to_modify": ["old.py"],
        ]
        _ = timeline.line(try event(1, .planCreated, plan))
        func step(_ seq: Int, _ summary: String, ok: Bool = true) throws {
            let details: JSONValue = ["tool": "write_file", "summary": .string(summary), "ok": .bool(ok)]
            _ = timeline.line(try event(seq, .implementationStep, details))
        }
        try step(2, "wrote old.py", ok: false)
        #expect(timeline.doneSteps == 0)
        try step(3, "wrote old.py")
        #expect(timeline.doneSteps == 2)
        try step(4, "wrote new.py")
        #expect(timeline.doneSteps == 3 && timeline.bar(now: start).contains("3/4 steps · 3 calls"))
        _ = timeline.line(try event(5, .implementationCompleted, ["files_changed": 2]))
        #expect(timeline.doneSteps == 4)
    }

    @Test func `a task that finished without a change has done nothing`() throws {
        var timeline = Timeline()
        _ = timeline.line(try event(1, .planCreated, ["steps": ["a", "b"]]))
        _ = timeline.line(try event(2, .implementationCompleted, ["files_changed": 0]))
        #expect(timeline.doneSteps == 0)
    }

    @Test func `who comes later sees the plan and what is done of it`() throws {
        var timeline = Timeline()
        let snapshot = StatusSnapshot(
            workflowID: UUID.v7().text, status: .running, stage: .implementation, round: 0, lastSeq: 9,
            branchName: nil, costUSD: 0, createdAt: start, finishedAt: nil,
            result: ["implementation_plan": ["steps": ["a", "b", "c"]], "steps_completed": 1])
        timeline.resume(after: snapshot)
        #expect(timeline.bar(now: start, width: 3).hasPrefix("█░░ 1/3 steps"))
        _ = timeline.line(
            try event(10, .implementationStep, ["tool": "update_todos", "summary": "2 of 3 todos done", "ok": true]))
        #expect(timeline.doneSteps == 2)
    }

    @Test func `the bar of a task without a plan is empty`() {
        #expect(Timeline().bar(now: start, width: 4).hasPrefix("░░░░"))
    }

    @Test func `the end tells status and cost`() throws {
        var timeline = Timeline()
        _ = timeline.line(try event(1, .workflowFailed, ["status": "stuck", "artifacts": ["cost_usd": .double(0.25)]]))
        #expect(timeline.stage == "stuck")
        #expect(timeline.bar(now: start).hasSuffix("$0.2500"))
    }
}
