/// A line of a service's log. A stream appends it.
package struct LogLine: Fragment {
    package static let template = "log-line"
    package let id: String
    package let at: Moment
    package let level: String
    package let tone: Tone
    package let service: String
    package let task: TaskName?
    package let message: String
    package let fields: [Fact]

    /// - Parameters:
    ///   - cursor: Its place in the record, by which a stream goes on.
    ///   - service: The replica that wrote it, for example `coder-2`.
    package init(
        cursor: String, at: Moment, level: String, service: String, task: TaskName? = nil, message: String,
        fields: [(name: String, value: String)] = []
    ) {
        id = "line-" + Place.encoded(cursor)
        self.at = at
        self.level = level
        tone = Self.tones[level] ?? .quiet
        self.service = service
        self.task = task
        self.message = message
        self.fields = fields.map { Fact($0.name, $0.value) }
    }

    private static let tones: [String: Tone] = [
        "info": .active, "notice": .active, "warning": .warn, "error": .bad, "critical": .bad,
    ]
}

/// What the services wrote, the newest last.
package struct LogsPage: Page {
    package static let template = "logs"
    package static let section: Section? = .logs
    package let title = "Logs"
    package var services: [Choice]
    package var levels: [Choice]
    package var task: String
    package var text: String
    package var lines: [LogLine]
    package var pager: Pager

    package init(
        services: [Choice], levels: [Choice], task: String = "", text: String = "", lines: [LogLine], pager: Pager
    ) {
        self.services = services
        self.levels = levels
        self.task = task
        self.text = text
        self.lines = lines
        self.pager = pager
    }
}
