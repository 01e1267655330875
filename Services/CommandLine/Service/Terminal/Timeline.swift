import Contracts
import Foundation
import Foundations

/// Turns the events of a task into lines for people, and keeps what the progress bar shows. A pure value.
struct Timeline: Sendable {
    private(set) var lastSeq = 0
    private(set) var stage = "waiting"
    private(set) var plannedSteps = 0
    private(set) var doneSteps = 0
    /// The tool calls of the coder so far.
    private(set) var calls = 0
    private(set) var step = ""
    private(set) var costUSD: Double?
    private var start: Date?
    /// The files that the plan names, and those of them that were written.
    private var plannedFiles: Set<String> = []
    private var writtenFiles: Set<String> = []
    /// Whether the coder keeps a list of its own.
    private var hasTodos = false

    /// The line of an event; `nil` if it was seen before.
    mutating func line(_ event: Event) -> String? {
        guard event.seq > lastSeq else { return nil }
        let gap = event.seq > lastSeq + 1 && lastSeq > 0 ? " (events \(lastSeq + 1)…\(event.seq - 1) are missing)" : ""
        lastSeq = event.seq
        start = start ?? event.timestamp
        note(event)
        let elapsed = event.timestamp.timeIntervalSince(start ?? event.timestamp)
        let time = String(format: "%7.1fs", elapsed)
        return
            "\(time)  \(event.notificationType.rawValue.padding(toLength: 25, withPad: " ", startingAt: 0)) \(event.message)\(gap)"
    }

    /// Goes on after a snapshot.
    mutating func resume(after snapshot: StatusSnapshot) {
        lastSeq = max(lastSeq, snapshot.lastSeq)
        start = snapshot.createdAt
        stage = snapshot.stage.rawValue
        costUSD = snapshot.costUSD
        if let plan = snapshot.result["implementation_plan"], plan != .null { note(plan: plan) }
        doneSteps = max(doneSteps, snapshot.result["steps_completed"]?.intValue ?? 0)
    }

    private mutating func note(_ event: Event) {
        switch event.notificationType {
        case .workflowStarted, .repoCloned, .branchCreated: stage = "planning"
        case .planCreated: note(plan: event.details)
        case .implementationStarted: stage = "implementing"
        case .implementationStep: note(step: event.details)
        case .implementationCompleted:
            if !hasTodos, event.details["files_changed"]?.intValue != 0 { doneSteps = plannedSteps }
        case .validationStarted: stage = "validating"
        case .validationCompleted, .changesCommitted: stage = "pushing"
        case .workflowCompleted, .workflowFailed:
            stage = event.details["status"]?.stringValue ?? "ended"
            doneSteps = event.details["steps_completed"]?.intValue ?? doneSteps
            costUSD = event.details["artifacts"]?["cost_usd"]?.doubleValue
        case .budgetAlert: costUSD = event.details["cost_usd"]?.doubleValue
        default: break
        }
    }

    private mutating func note(plan: JSONValue) {
        func texts(_ name: String) -> [String] { plan[name]?.arrayValue?.compactMap(\.stringValue) ?? [] }
        plannedSteps = texts("steps").count
        plannedFiles = Set(texts("files_to_create") + texts("files_to_modify"))
    }

    /// The coder's own list tells best how far it is: "2 of 5 todos done". Without one the files of the plan do.
    private mutating func note(step details: JSONValue) {
        step = details["tool"]?.stringValue ?? ""
        calls += 1
        let summary = details["summary"]?.stringValue ?? ""
        if let match = summary.firstMatch(of: #/^(\d+) of (\d+) todos? done/#), let done = Int(match.1),
            let all = Int(match.2), all > 0
        {
            hasTodos = true
            doneSteps = ImplementationPlan.steps(plannedSteps, done: done, of: all)
        } else if !hasTodos, details["ok"] == true, ["write_file", "edit_file"].contains(step) {
            writtenFiles.formUnion(plannedFiles.filter { summary.contains($0) })
            let written = ImplementationPlan.steps(plannedSteps, done: writtenFiles.count, of: plannedFiles.count)
            // The last step is done when the coder says so.
            doneSteps = max(doneSteps, min(written, plannedSteps - 1))
        }
    }

    /// The bar under the lines of a terminal.
    func bar(now: Date, width: Int = 20) -> String {
        let share = plannedSteps > 0 ? Double(doneSteps) / Double(plannedSteps) : 0
        // What is done comes from outside.
        let filled = Int((min(max(0, share), 1) * Double(width)).rounded(.down))
        let blocks = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        let elapsed = start.map { String(format: "%.0fs", now.timeIntervalSince($0)) } ?? ""
        let cost = costUSD.map { String(format: " · $%.4f", $0) } ?? ""
        let steps = plannedSteps > 0 ? " \(doneSteps)/\(plannedSteps) steps" : ""
        let made = calls > 0 ? " · \(calls) calls" : ""
        return "\(blocks)\(steps)\(made) · \(stage)\(step.isEmpty ? "" : " · \(step)") · \(elapsed)\(cost)"
    }
}
