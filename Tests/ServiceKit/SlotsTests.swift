import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(1))) struct SlotsTests {
    @Test func `as many places are free as were made`() {
        let slots = Slots(2)
        #expect(slots.takeIfFree() && slots.takeIfFree())
        #expect(!slots.takeIfFree())
        slots.giveBack()
        #expect(slots.takeIfFree())
    }

    @Test func `one who waits gets the place that is given back`() async throws {
        let slots = Slots(1)
        try await slots.take()
        async let second: Void = slots.take()
        slots.giveBack()
        try await second
        #expect(!slots.takeIfFree())
    }

    @Test func `there can be more places later, and fewer once they are given back`() async throws {
        let slots = Slots(1)
        try await slots.take()
        async let second: Void = slots.take()
        slots.resize(to: 2)
        try await second
        slots.resize(to: 1)
        slots.giveBack()
        #expect(!slots.takeIfFree())
        slots.giveBack()
        #expect(slots.takeIfFree() && !slots.takeIfFree())
    }

    @Test func `a wait for a place ends when it is cancelled`() async {
        let slots = Slots(0)
        let waiting = Task { try await slots.take() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
