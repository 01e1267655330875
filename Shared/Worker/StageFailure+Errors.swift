import Contracts
import FoundationEssentials
import Foundations
import Glibc
import ServiceKit

/// An error of a lower module that tells by itself what it means for the workflow.
package protocol StageError: Error {
    var stageFailure: StageFailure { get }
}

extension StageFailure {
    /// What an error of a lower module means for the workflow.
    package init(describing error: any Error) {
        switch error {
        case let error as StageFailure: self = error
        case let error as any StageError: self = error.stageFailure
        case let error as any Retriable: self.init(.internalError, "\(error)", isRetriable: error.permitsRestart)
        case let error as CocoaError: self.init(.internalError, error.sentence, isRetriable: true)
        case is CancellationError: self.init(.internalError, "interrupted", isRetriable: true)
        default: self.init(.internalError, "\(error)", isRetriable: true)
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
