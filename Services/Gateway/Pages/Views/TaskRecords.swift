import Foundations

/// What validation did and found, a round at a time, the newest first.
package struct ValidationView: Sendable {
    /// A command that ran.
    package struct Command: Sendable {
        package let command: String
        package let state: Badge
        package let duration: String
        package let output: HTML
        package let isOpen: Bool

        package init(_ command: String, exitCode: Int, seconds: Double, output: String) {
            self.command = command
            state = exitCode == 0 ? Badge("Passed", .good) : Badge("Exit \(exitCode)", .bad)
            duration = Amount.duration(seconds)
            self.output = CodeBlock.html(output)
            isOpen = exitCode != 0
        }
    }

    /// A round of validation.
    package struct Round: Sendable {
        package var title: String
        package var state: Badge
        package var ended: Moment?
        /// `128 passed, 2 failed`; `nil` where no runner's count was understood.
        package var tests: String?
        package var issues: [String]
        package var suggestions: [String]
        package var commands: [Command]

        package init(
            title: String, state: Badge, ended: Moment? = nil, tests: String? = nil, issues: [String] = [],
            suggestions: [String] = [], commands: [Command] = []
        ) {
            self.title = title
            self.state = state
            self.ended = ended
            self.tests = tests
            self.issues = issues
            self.suggestions = suggestions
            self.commands = commands
        }
    }

    package var rounds: [Round]

    package init(rounds: [Round]) {
        self.rounds = rounds
    }
}

/// What validators signed.
package struct EvidenceView: Sendable {
    /// One signed statement.
    package struct Item: Sendable {
        /// A command and how it ended.
        package struct Command: Sendable {
            package var command: String
            package var state: Badge

            package init(command: String, state: Badge) {
                self.command = command
                self.state = state
            }
        }

        package var title: String
        package var state: Badge
        package var signed: Moment
        package var facts: [Fact]
        package var commands: [Command]
        package var signature: String
        /// The statement as it was signed.
        package var statement: String

        package init(
            title: String, state: Badge, signed: Moment, facts: [Fact], commands: [Command], signature: String,
            statement: String
        ) {
            self.title = title
            self.state = state
            self.signed = signed
            self.facts = facts
            self.commands = commands
            self.signature = signature
            self.statement = statement
        }
    }

    package var items: [Item]
    /// The command that verifies it without us.
    package var verify: String?

    package init(items: [Item], verify: String? = nil) {
        self.items = items
        self.verify = verify
    }
}

/// The events of a task as they were published.
package struct EventsView: Sendable {
    /// One event.
    package struct Row: Sendable {
        package var seq: Int
        package var at: Moment
        package var type: String
        package var message: String
        package var details: String?

        package init(seq: Int, at: Moment, type: String, message: String, details: String? = nil) {
            self.seq = seq
            self.at = at
            self.type = type
            self.message = message
            self.details = details
        }
    }

    package var rows: [Row]
    package var pager: Pager

    package init(rows: [Row], pager: Pager) {
        self.rows = rows
        self.pager = pager
    }
}

/// What models and tools said, call by call.
package struct TranscriptView: Sendable {
    /// One call.
    package struct Row: Sendable {
        package let stage: String
        package let step: Int
        package let kind: String
        package let name: String
        package let state: Badge
        package let at: Moment
        package let duration: String?
        package let text: HTML
        package let isLong: Bool

        package init(
            stage: String, step: Int, kind: String, name: String, state: Badge, at: Moment, seconds: Double?,
            text: String
        ) {
            self.stage = stage
            self.step = step
            self.kind = kind
            self.name = name
            self.state = state
            self.at = at
            duration = seconds.map(Amount.duration)
            self.text = CodeBlock.html(text)
            isLong = text.utf8.count > 600
        }
    }

    package var rows: [Row]
    package var pager: Pager

    package init(rows: [Row], pager: Pager) {
        self.rows = rows
        self.pager = pager
    }
}

/// Output of programs and models as markup.
enum CodeBlock {
    /// The most bytes of one that are shown.
    static let limit = 64 << 10

    /// The beginning and the end of what is longer.
    static func html(_ text: String) -> HTML {
        // Colours of a terminal.
        let text = text.contains("\u{1b}") ? text.replacing(#/\u{1b}\[[0-9;]*[A-Za-z]/#, with: "") : text
        guard text.utf8.count > limit else { return HTML(trusted: lines(text)) }
        let cut = Words.count(text.utf8.count - limit, "byte")
        let (begin, end) = (text.prefix(bytes: limit / 2), text.suffix(bytes: limit / 2))
        return HTML(trusted: "\(lines(begin))\n<span class=\"cut\">… \(cut) not shown …</span>\n\(lines(end))")
    }

    private static func lines(_ text: some StringProtocol) -> String {
        CodeText.lines(of: text).map { CodeText.html($0) }.joined(separator: "\n")
    }
}
