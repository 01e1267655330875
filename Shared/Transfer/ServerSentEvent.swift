/// One event of a `text/event-stream` body.
package struct ServerSentEvent: Sendable, Hashable {
    /// The event's type; `message` when the server names none.
    package var event: String
    /// The data lines, joined by line feeds.
    package var data: String

    package init(event: String = "message", data: String) {
        self.event = event
        self.data = data
    }
}
