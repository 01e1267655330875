import Agent
import AgentRuns
import Contracts
import LanguageModels
import Testing
import Worker

@Suite struct ConversationFailureTests {
    /// What a provider asks for reaches the one who decides on the next try.
    @Test func `a rate limit is no failed try, and its time is passed on`() {
        let failure = StageFailure(describing: ModelError(.rateLimited, "slow", retryAfter: .seconds(90)))
        #expect(failure.isBusy && failure.isRetriable)
        #expect(failure.retryAfter == .seconds(90))
        #expect(ConversationEnd.modelFailed(ModelError(.rateLimited, "slow")).failure?.isBusy == true)
        let away = StageFailure(describing: ModelError(.unavailable, "down", retryAfter: .seconds(40)))
        #expect(!away.isBusy)
        #expect(away.retryAfter == .seconds(40))
    }

    @Test func `a model without a price ends a task whose budget must hold`() {
        let failure = ConversationEnd.unpriced("m").failure
        #expect(failure?.status == .budgetExhausted)
        #expect(failure?.reason.contains("m costs") == true)
    }
}
