import Contracts
import Testing

@testable import Database
@testable import StageKit

@Suite struct StageFailureTests {
    private struct Unknown: Error {}

    @Test(arguments: [
        (DatabaseError(.commitOutcomeUnknown, "lost", phase: .commit), true),
        (DatabaseError(.unavailable, "lost"), true),
        (DatabaseError(.checkViolation, "wrong"), false),
    ])
    func `a stage starts again from the record where that can help`(_ error: DatabaseError, _ isRetriable: Bool) {
        let failure = StageFailure(describing: error)
        #expect(failure.isRetriable == isRetriable)
        #expect(failure.status == .internalError)
    }

    @Test func `an error that nobody knows may pass`() {
        #expect(StageFailure(describing: Unknown()).isRetriable)
    }
}
