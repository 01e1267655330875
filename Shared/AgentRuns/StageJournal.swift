import Agent
import Contracts
import Foundations
import Logging
import ServiceKit
import Synchronization
import TaskStore
import Worker

/// The journal of a stage's conversation: replays what an earlier run finished, records what this one does.
///
/// A tool call's result, its checkpoint, its event and its activity are one transaction; so are a model call's reply,
/// its cost and the alert that the budget nears its end. The intent of a model call is recorded together with what comes
/// before it: the prompts, or the result of a tool. That of a tool call is the reply that asks for it, which is recorded
/// before any of its calls is made.
package final class StageJournal: StepJournal {
    private let run: ConversationRun
    private let emitsSteps: Bool
    /// What the workflow cost so far, in US dollars.
    private let costUSD: Mutex<Double>
    /// Whether people were told that the price of a model is not known.
    private let toldUnpriced = Mutex(false)

    /// - Parameter emitsSteps: Whether tool calls are told as `implementation_step`.
    package init(_ run: ConversationRun, emitsSteps: Bool) {
        self.run = run
        self.emitsSteps = emitsSteps
        costUSD = Mutex(run.record.usage.costUSD)
    }

    /// The prompts of the conversation: those that an earlier owner of the run began with, else `prompts`, recorded
    /// with `events` before a model reads them. So a program whose prompts have changed goes on with what it finds.
    package func begin(
        _ prompts: ConversationPrompts, events: [EventDraft] = [], changes: WorkflowChanges = WorkflowChanges()
    ) async throws -> ConversationPrompts {
        let outcome = JournalOutcome(try JSONValue(encoding: prompts), changes: changes, events: events)
        let kept = try await run.steps.keep(JournalRequest(.fact, name: "prompts", waits: true), outcome)
        guard let prompts = try? kept.decode(ConversationPrompts.self) else {
            throw JournalMismatch("the prompts were recorded in another form")
        }
        return prompts
    }

    /// What the conversation may cost, in US dollars: the budget less what was spent before this run began. The
    /// conversation counts its own cost, replayed calls included.
    package var budget: Double? {
        let replayed = run.steps.results.compactMap { $0["usage"]?["cost_usd"]?.doubleValue }.reduce(0, +)
        return run.control.maxCostUSD.map { max(0, $0 - max(0, run.record.usage.costUSD - replayed)) }
    }

    package func perform(
        _ step: StepDescriptor, after check: @Sendable () async throws -> ControlState,
        _ body: @Sendable (ControlState) async throws -> StepOutcome
    ) async throws -> StepReplay {
        let request = JournalRequest(
            JournalKind(rawValue: step.kind.rawValue), name: step.name, hash: step.requestHash ?? "",
            hasIntent: step.kind == .modelCall, waits: step.kind == .toolCall)
        let (result, wasReplayed) = try await run.steps.perform(request, after: check) { control, _ in
            let outcome = try await body(control)
            if let remark = outcome.remark {
                run.logger.warning("a model's reply is not as it should be", metadata: ["remark": "\(remark)"])
            }
            count(outcome)
            let unpriced = try await unpricedAlert(outcome)
            return JournalOutcome(
                outcome.result, checkpoint: outcome.checkpoint,
                changes: WorkflowChanges(
                    stepsCompleted: try stepsCompleted(outcome), usage: outcome.usage ?? .zero),
                events: try events(of: outcome) + unpriced)
        }
        return StepReplay(result: result, wasReplayed: wasReplayed)
    }

    /// What the coder's list says of the plan, if this step wrote it.
    private func stepsCompleted(_ outcome: StepOutcome) throws -> Int? {
        guard emitsSteps, let progress = outcome.result["todos"]?.stringValue.flatMap(TodoProgress.init(list:)),
            let plan = try run.record.outputs.get(PlanOutput.self)?.plan
        else { return nil }
        return ImplementationPlan.steps(plan.steps.count, done: progress.done, of: progress.all)
    }

    private func count(_ outcome: StepOutcome) {
        guard let progress = outcome.progress else { return }
        // A model can make up names.
        let tool = ToolCatalogue.names.contains(progress.tool) ? progress.tool : "other"
        run.metrics.count(.toolCalls, tool, progress.ok ? "ok" : "failed")
    }

    private func events(of outcome: StepOutcome) throws -> [EventDraft] {
        var events: [EventDraft] = []
        if emitsSteps, var step = outcome.progress {
            step.tool = step.tool.clipped(64)
            events.append(try EventDraft(step))
        }
        if var discovery = outcome.discovery {
            discovery.content = discovery.content.clipped(2000)
            discovery.tags = discovery.tags.prefix(20).map { $0.clipped(64) }
            events.append(try EventDraft(discovery))
        }
        if let usage = outcome.usage { events += try budgetAlerts(adding: usage.costUSD) }
        return events
    }

    /// What people are told once a task: that its limit of money does not hold.
    private func unpricedAlert(_ outcome: StepOutcome) async throws -> [EventDraft] {
        guard let model = outcome.unpriced, let limit = run.control.maxCostUSD,
            toldUnpriced.withLock({ told in
                defer { told = true }
                return !told
            })
        else { return [] }
        run.logger.warning("the price of a model is not known", metadata: ["model": "\(model)"])
        guard try await !run.store.hasUnpricedAlert(of: run.record.workflowID) else { return [] }
        let cost = costUSD.withLock { $0 }
        return [
            try EventDraft(
                BudgetAlert(percent: nil, costUSD: cost, maxCostUSD: limit, unpricedModel: model.clipped(200)))
        ]
    }

    /// An alert where the cost passes 50, 80 or 100 percent of the budget.
    private func budgetAlerts(adding cost: Double) throws -> [EventDraft] {
        let (before, after) = costUSD.withLock { sum -> (Double, Double) in
            defer { sum += cost }
            return (sum, sum + cost)
        }
        guard let budget = run.control.maxCostUSD, budget > 0 else { return [] }
        return try BudgetThresholds.passed(from: before, to: after, of: budget).map { percent in
            try EventDraft(BudgetAlert(percent: percent, costUSD: after, maxCostUSD: budget))
        }
    }
}

/// Which shares of a budget are worth telling.
package enum BudgetThresholds {
    /// In percent.
    package static let all = [50, 80, 100]

    /// The thresholds between two costs, in US dollars.
    package static func passed(from before: Double, to after: Double, of budget: Double) -> [Int] {
        all.filter { percent in
            let limit = budget * Double(percent) / 100
            return before < limit && after >= limit
        }
    }
}
