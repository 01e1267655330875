import Contracts
import Foundations
import TaskStore

/// A stream of events to one client: first what the record holds behind its place, then what happens.
final class EventStream<Place: StreamPlace>: StreamedBody {
    /// How often a client hears at least, so that both sides notice when the other is gone.
    private let beat: Duration
    private let gateway: Gateway
    private let call: Call
    private let place: Place
    private let mailbox: Mailbox

    init(_ gateway: Gateway, _ call: Call, _ scope: QueryScope, _ place: Place, beat: Duration = .seconds(15)) {
        self.gateway = gateway
        self.call = call
        self.place = place
        self.beat = beat
        mailbox = Mailbox(scope)
    }

    func end() { mailbox.end() }

    /// Joins before it reads: what happens meanwhile is in the mailbox.
    func write(to writer: any StreamWriter) async throws {
        var (writer, place) = (writer, place)
        let id = try await gateway.follower.join(mailbox)
        defer { gateway.follower.leave(id) }
        try await writer.write(ServerSentEvent.beginning)
        try await catchUp(&place, &writer)
        try await follow(&place, &writer)
    }

    private func follow(_ place: inout Place, _ writer: inout any StreamWriter) async throws {
        while true {
            switch try await mailbox.take(waitingAtMost: beat) {
            case .ended: return
            case .missed: try await catchUp(&place, &writer)
            case .batches(let batches):
                if try await send(batches, &place, &writer) { continue }
                guard try await gateway.authentication.mayGoOn(call) else { return }
                try await writer.write(ServerSentEvent.beat(id: place.id))
            }
        }
    }

    private func catchUp(_ place: inout Place, _ writer: inout any StreamWriter) async throws {
        while true {
            let (text, isLast) = try await place.next(from: gateway.record)
            if !text.isEmpty { try await writer.write(text) }
            if isLast { break }
        }
        // Where nothing happens it shall know all the same where it is.
        if let id = place.id { try await writer.write(ServerSentEvent.beat(id: id)) }
    }

    /// Returns whether there was something to be sent.
    private func send(
        _ batches: [EventBatch], _ place: inout Place, _ writer: inout any StreamWriter
    ) async throws -> Bool {
        var text = ""
        for batch in batches {
            guard let more = place.take(batch) else {
                if !text.isEmpty { try await writer.write(text) }
                try await catchUp(&place, &writer)
                return true
            }
            text += more
        }
        guard !text.isEmpty else { return false }
        try await writer.write(text)
        return true
    }
}
