import Contracts
import Foundation
import Foundations

/// Turns the events of a task into lines for people, and keeps what the progress bar shows. A pure value.
struct Timeline: Sendable {
    private(set) var lastSeq = 0
    private(set) var stage = "waiting"
    private(set) var plannedSteps = 0
    private(set) var doneSteps = 0
    private(set) var step = ""
    private(set) var costUSD: Double?
    private var start: Date?

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
    }

    private mutating func note(_ event: Event) {
        switch event.notificationType {
        case .workflowStarted, .repoCloned, .branchCreated: stage = "planning"
        case .planCreated:
            plannedSteps = event.details["steps"]?.arrayValue?.count ?? 0
        case .implementationStarted: stage = "implementing"
        case .implementationStep:
            step = event.details["tool"]?.stringValue ?? ""
            noteTodos(event.details["summary"]?.stringValue ?? "")
        case .implementationCompleted: doneSteps = plannedSteps
        case .validationStarted: stage = "validating"
        case .validationCompleted, .changesCommitted: stage = "pushing"
        case .workflowCompleted, .workflowFailed:
            stage = event.details["status"]?.stringValue ?? "ended"
            costUSD = event.details["artifacts"]?["cost_usd"]?.doubleValue
        case .budgetAlert: costUSD = event.details["cost_usd"]?.doubleValue
        default: break
        }
    }

    /// The coder's own list tells best how far it is: "2 of 5 todos done".
    private mutating func noteTodos(_ summary: String) {
        guard let match = summary.firstMatch(of: #/^(\d+) of (\d+) todos? done/#), let done = Int(match.1),
            let all = Int(match.2), all > 0
        else { return }
        doneSteps = plannedSteps * done / all
    }

    /// The bar under the lines of a terminal.
    func bar(now: Date, width: Int = 20) -> String {
        let share = plannedSteps > 0 ? Double(doneSteps) / Double(plannedSteps) : 0
        let filled = Int((share * Double(width)).rounded(.down))
        let blocks = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        let elapsed = start.map { String(format: "%.0fs", now.timeIntervalSince($0)) } ?? ""
        let cost = costUSD.map { String(format: " · $%.4f", $0) } ?? ""
        let steps = plannedSteps > 0 ? " \(doneSteps)/\(plannedSteps) steps" : ""
        return "\(blocks)\(steps) · \(stage)\(step.isEmpty ? "" : " · \(step)") · \(elapsed)\(cost)"
    }
}
