import Foundations
import Synchronization
import TestSupport
import Testing

@testable import GatewayService

@Suite(.timeLimit(.minutes(1))) struct StreamDeliveryTests {
    @Test func `a client that takes nothing is disconnected, and its stream ends`() async throws {
        let (text, closed) = (Text(), Doorbell())
        let delivery = StreamDelivery(text, limit: .milliseconds(20)) { closed.ring() }
        await #expect(throws: StreamClient.Gone.self) { try await delivery.write(to: StuckConnection(closed: closed)) }
        #expect(text.hasEnded)
    }

    @Test func `a client that takes what is written is left alone`() async throws {
        let (text, client, closed) = (Text(), StreamClient(), Recorder<Int>())
        try await StreamDelivery(text) { closed.record(1) }.write(to: client.connection())
        #expect(client.seen.map(\.data) == ["one", "two"])
        #expect(!text.hasEnded && closed.elements.isEmpty)
    }
}

/// A stream of two events.
private final class Text: StreamedBody {
    private let state = Mutex(false)

    var hasEnded: Bool { state.withLock { $0 } }

    func write(to writer: any StreamWriter) async throws {
        var writer = writer
        for data in ["one", "two"] { try await writer.write(ServerSentEvent.text(data)) }
    }

    func end() { state.withLock { $0 = true } }
}

/// A connection whose other side reads nothing; what is being written fails once it is closed.
private struct StuckConnection: StreamWriter {
    let closed: Doorbell

    mutating func write(_ text: String) async throws {
        try await closed.wait()
        throw StreamClient.Gone()
    }
}
