/// What goes over a stream of events (HTML, 9.2: `text/event-stream`).
enum ServerSentEvent {
    /// How long a browser waits before it connects again.
    static let beginning = "retry: 1000\n\n"

    /// An event; no line of `data` is empty text alone.
    ///
    /// - Parameters:
    ///   - id: What the client shows when it connects again.
    ///   - name: The kind of event, where it is not `message`.
    static func text(_ data: String, id: String? = nil, name: String? = nil) -> String {
        var text = ""
        if let name { text += "event: \(oneLine(name))\n" }
        if let id { text += "id: \(oneLine(id))\n" }
        // CRLF is one character.
        for line in data.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            text += "data: \(line)\n"
        }
        return text + "\n"
    }

    /// What keeps a connection open and says nothing; with a new id, where there is one.
    static func beat(id: String? = nil) -> String { ":\n" + (id.map { "id: \(oneLine($0))\n" } ?? "") + "\n" }

    private static func oneLine(_ text: String) -> String { text.filter { !$0.isNewline && $0 != "\0" } }
}
