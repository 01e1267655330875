/// One event of a `text/event-stream` body.
struct ServerSentEvent: Sendable, Hashable {
    /// The event's type; `message` when the server names none.
    var event: String
    /// The data lines, joined by line feeds.
    var data: String

    init(event: String = "message", data: String) {
        self.event = event
        self.data = data
    }
}
