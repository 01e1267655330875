import Foundations

/// The part of a subject that names one task: `company.project.task`.
package struct TaskAddress: Hashable, Sendable, Codable {
    package let company: CompanyID
    package let project: ProjectID
    package let task: TaskID

    package init(company: CompanyID, project: ProjectID, task: TaskID) {
        self.company = company
        self.project = project
        self.task = task
    }
}

/// Builds and reads subjects `{prefix}.{company}.{project}.{task}.{event}`.
///
/// The prefix may hold dots, so tokens are counted from the right.
package struct SubjectScheme: Sendable, Hashable {
    /// The prefix of a default installation.
    package static let defaultPrefix = "automata.workflows"

    /// One to eight tokens of `[A-Za-z0-9_-]{1,64}`, joined by dots.
    package let prefix: String

    /// The scheme, or `nil` if `prefix` is not made of one to eight safe tokens.
    package init?(prefix: String) {
        let tokens = prefix.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...8).contains(tokens.count), tokens.allSatisfy({ TaskID.accepts($0) }) else { return nil }
        self.prefix = prefix
    }

    /// The scheme with ``defaultPrefix``.
    package init() { prefix = Self.defaultPrefix }

    /// The subject of an event of a task.
    package func subject(_ address: TaskAddress, _ event: EventType) -> String {
        "\(prefix).\(address.company).\(address.project).\(address.task).\(event.rawValue)"
    }

    /// The subject of the permit to claim a run of a task.
    package func subject(_ address: TaskAddress, permit kind: StepKind) -> String {
        "\(prefix).\(address.company).\(address.project).\(address.task).\(kind.permit)"
    }

    /// The subject of a request about a task.
    package func subject(_ address: TaskAddress, _ request: RequestType) -> String {
        "\(prefix).\(address.company).\(address.project).\(address.task).\(request.rawValue)"
    }

    /// The filter that matches one event of every task, or of those of a company.
    package func filter(_ event: EventType, of company: CompanyID? = nil) -> String {
        "\(prefix).\(company?.text ?? "*").*.*.\(event.rawValue)"
    }

    /// The filter that matches the permits of a kind of every task.
    package func filter(permit kind: StepKind) -> String { "\(prefix).*.*.*.\(kind.permit)" }

    /// The filter that matches one request about every task, or about those of a company.
    package func filter(_ request: RequestType, of company: CompanyID? = nil) -> String {
        "\(prefix).\(company?.text ?? "*").*.*.\(request.rawValue)"
    }

    /// The subjects of everything that a task tells. One pattern for all of them would take in the requests too, which
    /// a client may not read.
    package func events(of address: TaskAddress) -> [String] {
        EventType.allCases.filter(\.isOutgoing).map { subject(address, $0) }
    }

    /// Where the front door tells owners to look at their workflow's flags at once (cancel, pause, steering): a core
    /// message outside the tokens of tasks, not stored. Without it the next heartbeat tells them.
    package var signals: String { "\(prefix).signals" }

    /// The subjects of the one stream: every stored event and permit, and nothing that is request/reply.
    package var streamSubjects: [String] { streamSubjects(StepKind.rows) }

    /// The subjects of the stream where there are these kinds of steps.
    package func streamSubjects(_ kinds: [StepKind.Row]) -> [String] {
        EventType.allCases.map { filter($0) } + kinds.map { filter(permit: $0.kind) }
    }

    /// What a subject names, or `nil` if it is not of this scheme, holds an unsafe id or an unknown last token.
    package func parse(_ subject: String) -> (address: TaskAddress, last: String)? {
        guard subject.hasPrefix(prefix + ".") else { return nil }
        let tokens = subject.dropFirst(prefix.count + 1).split(separator: ".", omittingEmptySubsequences: false)
        guard tokens.count == 4, let company = CompanyID(tokens[0]), let project = ProjectID(tokens[1]),
            let task = TaskID(tokens[2]), TaskID.accepts(tokens[3])
        else { return nil }
        return (TaskAddress(company: company, project: project, task: task), String(tokens[3]))
    }
}
