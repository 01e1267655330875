import Agent
import Contracts
import Foundation
import LanguageModels
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
