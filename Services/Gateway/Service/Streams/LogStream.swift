import Foundations
import Synchronization
import TaskStore

/// A stream of lines of the logs to one client: first what the record holds behind its place, then what is written.
final class LogStream: StreamedBody {
    /// A line as the client gets it.
    typealias Form = @Sendable (RecordedLine) throws -> String

    /// The most lines that are read at once.
    private static let batchLimit = 200

    private let gateway: Gateway
    private let call: Call
    private let filter: LogFilter
    private let start: Int
    /// How often a client hears at least, so that both sides notice when the other is gone.
    private let beat: Duration
    private let form: Form
    private let bell = Doorbell()
    private let hasEnded = Mutex(false)

    /// - Parameter start: The id of the line behind which it begins.
    init(
        _ gateway: Gateway, _ call: Call, _ filter: LogFilter, after start: Int, beat: Duration = .seconds(15),
        form: @escaping Form
    ) {
        self.gateway = gateway
        self.call = call
        self.filter = filter
        self.start = start
        self.beat = beat
        self.form = form
    }

    func end() {
        hasEnded.withLock { $0 = true }
        bell.ring()
    }

    /// Joins before it reads: for what is written meanwhile its bell is rung.
    func write(to writer: any StreamWriter) async throws {
        var (writer, place, lastBeat) = (writer, start, ContinuousClock.now)
        let id = try gateway.logs.join(bell)
        defer { gateway.logs.leave(id) }
        try await writer.write(ServerSentEvent.beginning + ServerSentEvent.beat(id: "\(place)"))
        while let news = try await news(after: place) {
            if !news.text.isEmpty { try await writer.write(news.text) }
            place = news.place
            if lastBeat.duration(to: .now) >= beat {
                guard try await gateway.authentication.mayGoOn(call) else { return }
                // Where nothing is written that it wants it shall know all the same where it is.
                try await writer.write(ServerSentEvent.beat(id: "\(place)"))
                lastBeat = .now
            }
            if news.isLast { try await bell.wait(atMost: beat) }
        }
    }

    /// What the client has not seen yet, or a part of it; `nil` at the end.
    private func news(after place: Int) async throws -> (text: String, place: Int, isLast: Bool)? {
        if hasEnded.withLock({ $0 }) { return nil }
        switch gateway.logs.news(after: place) {
        case .ended: return nil
        case .lines(let lines, let upTo): return (try text(lines), upTo, true)
        case .inRecord: return try await recorded(after: place)
        }
    }

    private func recorded(after place: Int) async throws -> (text: String, place: Int, isLast: Bool) {
        let last = try await gateway.record.lastLine()
        // The record is not the one that its place is of: it is to load anew what it shows.
        guard place <= last else {
            return (ServerSentEvent.text("{}", id: "\(last)", name: "reset"), last, true)
        }
        let batch = try await gateway.record.lines(
            after: place, upTo: last, matching: filter, limit: Self.batchLimit)
        return (try text(batch.lines), batch.upTo, batch.upTo == last)
    }

    private func text(_ lines: [RecordedLine]) throws -> String { try lines.filter(filter.holds).map(form).joined() }
}
