import Contracts
import Database
import FoundationEssentials
import Foundations
import Git
import Glibc
import LanguageModels
import Sandbox
import ServiceKit
import TaskStore

extension StageFailure {
    /// What an error of a lower module means for the workflow.
    package init(describing error: any Error) {
        switch error {
        case let error as StageFailure: self = error
        case let error as GitError: self.init(error)
        case let error as ModelError: self.init(error)
        case let error as any Retriable: self.init(.internalError, "\(error)", isRetriable: error.permitsRestart)
        case let error as CocoaError: self.init(.internalError, error.sentence, isRetriable: true)
        case is CancellationError: self.init(.internalError, "interrupted", isRetriable: true)
        default: self.init(.internalError, "\(error)", isRetriable: true)
        }
    }

    /// What a model's failure means.
    package init(_ error: ModelError) {
        self.init(.modelUnavailable, error.message, isRetriable: error.isRetriable)
        retryAfter = error.retryAfter
        isBusy = error.code == .rateLimited
    }

    private init(_ error: GitError) {
        switch error.code {
        case .pushRejected: self.init(.pushRejected, error.message)
        case .invalidRef, .invalidURL, .forbiddenAddress, .unauthorized, .repositoryNotFound, .unreachable,
            .untrustedHost, .moved, .unsupported, .remoteFailed, .branchNotFound, .emptyRepository, .tooLarge:
            self.init(.repositoryUnavailable, error.message, isRetriable: error.isRetriable)
        default: self.init(.internalError, error.message, isRetriable: error.isRetriable)
        }
    }
}

extension CocoaError {
    /// What is wrong with which file; only its name, as its path tells about this host.
    fileprivate var sentence: String {
        let cause = (underlying as? POSIXError).map { String(cString: strerror($0.code.rawValue)) }
        let file = filePath.map { URL(filePath: $0).lastPathComponent } ?? "a file"
        return "cannot use \(file): \(cause ?? "error \(code.rawValue)")"
    }
}
