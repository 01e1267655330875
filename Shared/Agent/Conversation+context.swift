import Contracts
import Foundations
import LanguageModels

/// Keeps the conversation within what the model takes: first old tool results are shortened, then older turns are
/// summarised by a model call of its own.
extension Conversation {
    /// Shortens the conversation if the next request would be too long.
    func fitContext(_ state: inout ConversationState) async throws {
        let limit = Int(Double(state.contextTokens) * setup.limits.contextShare)
        guard state.tokens > limit else { return }
        state.replace(ContextCutter.withoutOldResults(state.messages, keeping: setup.limits.keptToolResults))
        guard state.tokens > limit else { return }
        try await summarise(&state)
        guard state.tokens > limit else { return }
        state.replace(ContextCutter.withShortResults(state.messages, limit: 2000))
    }

    /// After the provider said that the conversation is too long: shortens it once more, harder the second time. When
    /// that does not help, a model with a larger window may answer, if there is one.
    func recoverFromOverflow(_ turn: ModelTurn, _ state: inout ConversationState) async throws -> ConversationEnd? {
        state.overflows += 1
        state.contextTokens = min(state.contextTokens, max(turn.contextTokens ?? state.tokens, 1000))
        guard state.overflows <= 3 else {
            let words = turn.refusal.map { " (\($0))" } ?? ""
            return .modelFailed(
                ModelError(
                    .contextTooLong,
                    "the conversation is longer than the model takes, even when it is summarised" + words))
        }
        guard state.overflows <= 2 else {
            state.isShortest = true
            return nil
        }
        state.replace(ContextCutter.withoutOldResults(state.messages, keeping: 2))
        try await summarise(&state)
        if state.overflows > 1 { state.replace(ContextCutter.withShortResults(state.messages, limit: 500)) }
        return nil
    }

    private func summarise(_ state: inout ConversationState) async throws {
        guard state.summaries < setup.limits.maxSummaries,
            let middle = ContextCutter.middle(of: state.messages, keepingTurns: 3)
        else { return }
        state.summaries += 1
        let summary = try await summary(of: state.messages[middle], &state)
        var messages = state.messages
        messages.replaceSubrange(
            middle,
            with: [
                .user(SummaryPrompt.replacement(summary: summary, todos: state.todos, steering: state.steering))
            ])
        state.replace(messages)
    }

    private func summary(of messages: ArraySlice<ChatMessage>, _ state: inout ConversationState) async throws -> String?
    {
        // The summary's own request must fit: three quarters of the window, at three characters a token.
        let transcript = ContextCutter.transcript(messages, limit: state.contextTokens * 9 / 4)
        let request = ChatRequest(
            model: setup.model, messages: [.system(SummaryPrompt.system), .user(SummaryPrompt.request(transcript))],
            maxTokens: setup.limits.maxReplyTokens)
        let step = StepDescriptor(
            kind: .modelCall, name: "summary", requestHash: state.digest.text, iteration: state.iterations + 1)
        let replay = try await take(step) { _ in
            var turn = ModelTurn()
            return try await turn.ask(model, request)
        }
        let turn: ModelTurn = try replay.decoded()
        state.usage = state.usage + (turn.usage ?? .zero)
        return turn.reply?.message.content
    }
}
