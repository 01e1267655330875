import Agent
import Contracts
import Worker

extension ConversationEnd {
    /// What an end without the final call means for the workflow; `nil` for ``finished``.
    package var failure: StageFailure? {
        switch self {
        case .finished: nil
        case .iterationsExhausted:
            StageFailure(.iterationsExhausted, "the model used up its turns (agent.max_iterations)")
        case .budgetExhausted: StageFailure(.budgetExhausted, "the models used up the budget (agent.max_cost_usd)")
        case .unpriced(let model):
            StageFailure(
                .budgetExhausted,
                "agent.max_cost_usd cannot be kept: nobody knows what \(model) costs (MODEL_FILE, MODEL_UNKNOWN_PRICE)")
        case .stuck(let reason): StageFailure(.stuck, "the model got stuck: \(reason)")
        case .modelFailed(let error): error.stageFailure
        }
    }
}
