import Contracts
import Git
import Worker

extension GitError: StageError {
    /// What it means for the workflow.
    package var stageFailure: StageFailure {
        switch code {
        case .pushRejected: StageFailure(.pushRejected, message)
        case .invalidRef, .invalidURL, .forbiddenAddress, .unauthorized, .repositoryNotFound, .unreachable,
            .untrustedHost, .moved, .unsupported, .remoteFailed, .branchNotFound, .emptyRepository, .tooLarge:
            StageFailure(.repositoryUnavailable, message, isRetriable: isRetriable)
        default: StageFailure(.internalError, message, isRetriable: isRetriable)
        }
    }
}
