import Contracts
import Foundation
import Testing

@testable import Database
@testable import Worker

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

    @Test func `a file error tells the file and the reason, not the folders of the host`() {
        let error = #expect(throws: (any Error).self) { try Data().write(to: URL(filePath: "/proc/automata/notes")) }
        let failure = StageFailure(describing: error ?? Unknown())
        #expect(failure.reason == "cannot use notes: No such file or directory")
        #expect(failure.isRetriable)
    }
}
