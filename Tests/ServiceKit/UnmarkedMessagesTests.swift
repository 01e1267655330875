import Foundations
import TaskStore
import Testing

@testable import ServiceKit

@Suite struct UnmarkedMessagesTests {
    private let message = PublishedMessage(id: 7, streamSequence: 3)
    private let now = ContinuousClock.now

    @Test func `a fresh word of a server is believed`() {
        var unmarked = UnmarkedMessages()
        unmarked.add(message, sentAfter: 2, at: now)
        #expect(unmarked.trusted(after: 2, at: now + .seconds(1)) == [message])
    }

    @Test func `a word from before an interruption is not believed after it`() {
        var unmarked = UnmarkedMessages()
        unmarked.add(message, sentAfter: 1, at: now)
        let later = PublishedMessage(id: 8, streamSequence: 3)
        unmarked.add(later, sentAfter: 2, at: now)
        #expect(unmarked.trusted(after: 2, at: now) == [later])
    }

    @Test func `a word is believed for as long as a cluster keeps its leader at least`() {
        var unmarked = UnmarkedMessages()
        unmarked.add(message, sentAfter: 0, at: now)
        #expect(unmarked.trusted(after: 0, at: now + UnmarkedMessages.trust) == [])
    }
}
