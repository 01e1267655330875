import Contracts
import Foundations
import LanguageModels

/// A model at work with tools, until it calls the final tool or must stop.
///
/// Every model call and every tool call is a journaled step. Given the same inputs and the same journal the
/// conversation takes the same steps: a run that was cut off goes on where it was.
package struct Conversation: Sendable {
    /// What a conversation is about.
    package struct Setup: Sendable {
        /// The model's name at its provider; empty for the configured default.
        package var model: String
        /// The models to ask when it is unavailable; `nil` for the configured ones.
        package var fallbacks: [String]?
        package var systemPrompt: String
        package var taskPrompt: String
        package var catalogue: ToolCatalogue
        package var limits: ConversationLimits

        package init(
            model: String, fallbacks: [String]? = nil, systemPrompt: String, taskPrompt: String,
            catalogue: ToolCatalogue, limits: ConversationLimits = .init()
        ) {
            self.model = model
            self.fallbacks = fallbacks
            self.systemPrompt = systemPrompt
            self.taskPrompt = taskPrompt
            self.catalogue = catalogue
            self.limits = limits
        }
    }

    let setup: Setup
    let model: any ChatModel
    let journal: any StepJournal
    let signals: any ControlSignals
    let workspace: any Workspace
    let context: ToolContext

    /// `context` must be about the root of `workspace`.
    package init(
        _ setup: Setup, model: any ChatModel, journal: any StepJournal, signals: any ControlSignals = NoSignals(),
        workspace: any Workspace, context: ToolContext
    ) {
        self.setup = setup
        self.model = model
        self.journal = journal
        self.signals = signals
        self.workspace = workspace
        self.context = context
    }

    /// Goes on until the end. Throws `CancellationError` if the task is cancelled, the journal's own errors, and
    /// errors of the sandbox or the workspace that no model can mend; the same conversation may be run again then.
    package func run() async throws -> ConversationOutcome {
        var state = ConversationState(
            system: setup.systemPrompt, task: setup.taskPrompt, tools: setup.catalogue.definitions,
            contextTokens: setup.limits.contextTokens)
        let end = try await end(&state)
        return ConversationOutcome(end: end, usage: state.usage, iterations: state.iterations, todos: state.todos)
    }

    private func end(_ state: inout ConversationState) async throws -> ConversationEnd {
        do {
            while true {
                if let end = try await turn(&state) { return end }
            }
        } catch let error as ModelError {
            return .modelFailed(error)
        }
    }

    /// The budget in force; people can raise it meanwhile.
    private var maxCostUSD: Double? { signals.maxCostUSD ?? setup.limits.maxCostUSD }

    private func turn(_ state: inout ConversationState) async throws -> ConversationEnd? {
        try Task.checkCancellation()
        guard state.iterations < setup.limits.maxIterations else { return .iterationsExhausted }
        if let limit = maxCostUSD, state.usage.costUSD >= limit { return .budgetExhausted }
        try await fitContext(&state)
        let sent = state.messages
        let turn = try await ask(state)
        switch turn.failure {
        case .contextTooLong:
            return try await recoverFromOverflow(turn, &state)
        case .incompleteReply:
            record(turn, in: &state)
            return remind(
                &state,
                "Your last reply was cut off because it was too long. Answer shorter; write large files in parts.")
        case nil:
            record(turn, in: &state)
        }
        guard let reply = turn.reply else { return nil }
        if setup.limits.refusesUnpriced, maxCostUSD != nil, reply.costUSD == nil { return .unpriced(reply.model) }
        if reply.isCut { state.notes.append(Self.cutNote) }
        state.overflows = 0
        state.estimate.learn(
            promptTokens: reply.usage.promptTokens, for: sent + [turn.addition].compactMap(\.self))
        let calls = takeUp(reply.message, &state)
        guard !calls.isEmpty else { return remind(&state, noCallNote(state)) }
        state.idleReplies = 0
        return try await take(calls, &state)
    }

    /// One model call as a step. What is said on top of the conversation is decided inside and kept with the reply.
    private func ask(_ state: ConversationState) async throws -> ModelTurn {
        let step = StepDescriptor(
            kind: .modelCall, name: "turn", requestHash: state.digest.text, iteration: state.iterations + 1)
        let replay = try await take(step) { control in
            var turn = ModelTurn()
            turn.steering = Array(control.steering.dropFirst(state.steering.count))
            turn.notes = state.notes
            if let note = wrapUpNote(state) {
                turn.notes.append(note)
                turn.wrapsUp = true
            }
            var request = ChatRequest(
                model: setup.model, messages: state.messages + [turn.addition].compactMap(\.self),
                tools: setup.catalogue.definitions, maxTokens: setup.limits.maxReplyTokens)
            request.fallbacks = setup.fallbacks
            request.isShortest = state.isShortest
            var outcome = try await turn.ask(model, request)
            if !state.writtenCalls.wereSeen, let remark = writtenCallsRemark(turn) {
                outcome.remark = [outcome.remark, remark].compactMap(\.self).joined(separator: "; ")
            }
            return outcome
        }
        return try replay.decoded()
    }

    /// Takes a step, with what people have to say before it.
    func take(
        _ step: StepDescriptor, _ body: @Sendable (ControlState) async throws -> StepOutcome
    ) async throws -> StepReplay {
        try await journal.perform(step, after: { [signals] in try await signals.check() }, body)
    }

    private static let cutNote =
        "Your last reply was cut off at the limit of what a reply may have. Answer shorter; write large files in parts."

    private func record(_ turn: ModelTurn, in state: inout ConversationState) {
        state.iterations += 1
        state.usage = state.usage + (turn.usage ?? .zero)
        state.steering += turn.steering
        state.notes = []
        state.wrappedUp = state.wrappedUp || turn.wrapsUp
        if let addition = turn.addition { state.append(addition) }
    }

    private func remind(_ state: inout ConversationState, _ note: String) -> ConversationEnd? {
        state.idleReplies += 1
        guard state.idleReplies <= setup.limits.maxReminders else {
            let cause = state.writtenCalls.wereSeen ? "; \(Self.parserHint)" : ""
            return .stuck("\(state.idleReplies) replies in a row called no tool\(cause)")
        }
        state.notes.append(note)
        return nil
    }

    /// What the model is told once when little is left.
    private func wrapUpNote(_ state: ConversationState) -> String? {
        guard !state.wrappedUp else { return nil }
        let turns = setup.limits.maxIterations - state.iterations
        let final = setup.catalogue.finalTool
        if turns <= 2, setup.limits.maxIterations > 2 {
            return
                "Only \(turns) turns are left, this one included. Bring the work into a good state and call \(final)."
        }
        if let limit = maxCostUSD, limit - state.usage.costUSD <= limit / 10 {
            return "The budget is nearly used up. Bring the work into a good state and call \(final) now."
        }
        return nil
    }
}
