import Contracts
import Foundations
import TaskStore

/// Streams of lines of the logs.
enum LogStreams {
    /// What is answered to who asks a list of lines for a stream: the lines behind the client's last, else those that
    /// are written from now on.
    ///
    /// - Parameter places: The fields of the query by which the scope was named.
    static func answer(
        _ offer: QueryOffer, _ call: Call, in scope: QueryScope, places: [String] = [], _ gateway: Gateway
    ) async throws -> Answer {
        try call.refuseFields(otherThan: places + LogFilter.names + [after])
        var asked = try ListRoutes.filter(offer, call)
        asked[after] = nil
        return .stream(
            try await stream(call, try LogFilter(asked, in: scope), gateway) { line in
                ServerSentEvent.text(try line.item(in: scope).text(), id: "\(line.id)")
            })
    }

    /// - Parameter call: Says behind which line: by the id of the last event, by `after`, or by `from`, which is where
    ///   the page began.
    static func stream(
        _ call: Call, _ filter: LogFilter, _ gateway: Gateway, form: @escaping LogStream.Form
    ) async throws -> LogStream {
        try gateway.logs.checkRoom()
        let start: Int
        if let text = try call.lastEventID ?? call.field(after) ?? call.field(from) {
            guard let id = Int(text), id >= 0 else {
                throw Problem.malformed("Last-Event-ID: expected the id of a line")
            }
            start = id
        } else {
            start = try await gateway.record.lastLine()
        }
        return LogStream(gateway, call, filter, after: start, form: form)
    }

    private static let after = "after"
    static let from = "from"
}
