import Contracts
import LanguageModels
import Worker

extension ModelError: StageError {
    /// What it means for the workflow.
    package var stageFailure: StageFailure {
        var failure = StageFailure(.modelUnavailable, message, isRetriable: isRetriable)
        failure.retryAfter = retryAfter
        failure.isBusy = code == .rateLimited
        return failure
    }
}
