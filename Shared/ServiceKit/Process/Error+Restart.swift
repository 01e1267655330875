import Database
import Foundations

extension Error {
    /// Whether work that starts again from the record can succeed. Unlike `isRetriable` this includes a commit of
    /// unknown outcome, because the record then tells what became of it.
    package var permitsRestart: Bool {
        if let error = self as? DatabaseError, error.code == .commitOutcomeUnknown { return true }
        return (self as? any Retriable)?.isRetriable ?? false
    }
}
