import Messaging
import Testing

/// When a consumer has passed over a message that nobody took.
struct ConsumerStateTests {
    @Test(arguments: [
        (sequence: 4, acknowledged: 5, outstanding: 3, isPast: true),
        (sequence: 5, acknowledged: 5, outstanding: 3, isPast: true),
        (sequence: 6, acknowledged: 5, outstanding: 3, isPast: false),
        (sequence: 6, acknowledged: 5, outstanding: 0, isPast: true),
    ])
    func `a consumer is past what it acknowledged, and past everything once nothing is outstanding`(
        _ sequence: UInt64, _ acknowledged: UInt64, _ outstanding: Int, _ isPast: Bool
    ) {
        let state = ConsumerState(delivered: 9, acknowledged: acknowledged, outstanding: outstanding)
        #expect(state.isPast(sequence) == isPast)
    }
}
