/// The forms of what the catalogue holds: a row a field. Names are those of the spec, with points where it nests; a list is
/// a line an item.
extension Form {
    /// What a field says now, by its name.
    package struct Values: Sendable {
        package let values: [String: String]
        /// Where a value comes from, for example `company`, `platform`, `environment`, `default`.
        package let sources: [String: String]
        /// What holds where the field is left empty.
        package let fallbacks: [String: String]

        package init(
            _ values: [String: String] = [:], sources: [String: String] = [:], fallbacks: [String: String] = [:]
        ) {
            self.values = values
            self.sources = sources
            self.fallbacks = fallbacks
        }
    }

    /// Settings of the platform, or of a company.
    ///
    /// - Parameter services: Those whose replicas have places for several tasks: they are the platform's alone.
    package static func settings(
        _ values: Values, company: String? = nil, services: [String], error: String? = nil
    ) -> Form {
        Form(
            action: Place.settingsAction,
            groups: [
                Group("Models", values.fields(modelRows)), Group("Tasks", values.fields(taskRows)),
                Group("Operation", values.fields(operationRows + (company == nil ? services.map(concurrencyRow) : []))),
            ], hidden: scope(company), submit: "Save settings", error: error)
    }

    /// Limits of a company, or of every other.
    package static func limits(_ values: Values, company: String? = nil, error: String? = nil) -> Form {
        Form(
            action: Place.limitsAction,
            groups: [Group(company.map { "Limits of \($0)" } ?? "Limits of every company", values.fields(limitRows))],
            hidden: scope(company), submit: "Save limits", error: error)
    }

    /// A project: a new one, or the next version of `project`.
    package static func project(
        _ values: Values, of project: (company: String, name: String)? = nil, error: String? = nil
    ) -> Form {
        let place = [Row("company", "Company", .text, "local"), Row("project", "Name", .text, "default")]
        let hidden = project.map { [HiddenField("company", $0.company), HiddenField("project", $0.name)] }
        return Form(
            action: Place.projectAction,
            groups: [
                Group("Project", values.fields((project == nil ? place : []) + projectRows)),
                Group("Repository", values.fields(repositoryRows)),
                Group("What its tasks begin with", values.fields(defaultRows)),
            ], hidden: hidden ?? [], submit: project == nil ? "Define project" : "Save project", error: error)
    }

    /// A field before it has a value.
    fileprivate struct Row {
        let name: String
        let label: String
        let kind: Field.Kind
        let fallback: String
        let help: String
        let choices: [String]
        /// What no choice says; `nil` where one is always made.
        let open: String?

        init(
            _ name: String, _ label: String, _ kind: Field.Kind = .text, _ fallback: String = "", help: String = "",
            choices: [String] = [], open: String? = nil
        ) {
            self.name = name
            self.label = label
            self.kind = kind
            self.fallback = fallback
            self.help = help
            self.choices = choices
            self.open = open
        }
    }

    private static func scope(_ company: String?) -> [HiddenField] {
        company.map { [HiddenField("company", $0)] } ?? []
    }

    private static let modelRows = [
        Row("model", "Model"), Row("planner_model", "Planner's model", .text, "as above"),
        Row("fallbacks", "Fallbacks", .area, help: "One a line, in the order in which they are tried."),
    ]

    private static let taskRows = [
        Row("max_iterations", "Turns in a round", .number), Row("max_retries", "Tries after an accident", .number),
        Row("task_timeout", "Seconds that a task may take", .number),
        Row("push", "Push what is validated", .choice, choices: ["true", "false"], open: "as the environment says"),
    ]

    private static let operationRows = [
        Row("checkpoint_days", "Days between checkpoints", .number, "7", help: "0 is never.")
    ]

    private static func concurrencyRow(_ service: String) -> Row {
        Row("worker_concurrency.\(service)", "Tasks at a time, \(service)", .number)
    }

    private static let limitRows = [
        Row("max_running", "Tasks that run at a time", .number, "no limit"),
        Row("max_waiting", "Tasks that wait", .number, "no limit"),
    ]

    private static let projectRows = [
        Row("description", "Description", .area),
        Row(
            "type", "Type", .choice, "general",
            choices: ["general", "web_application", "library", "data_analysis"]),
        Row("status", "Status", .choice, "active", choices: ["planning", "active", "paused", "completed", "archived"]),
        Row("tags", "Tags", .area, help: "One a line."),
    ]

    private static let repositoryRows = [
        Row("repository.remote_url", "Address", .text, "https://git.example.com/web.git"),
        Row("repository.branch", "Branch", .text, "as the remote says"),
        Row("repository.credentials.username", "User", .text, "none"),
        Row(
            "repository.credentials.access_token", "Access token", .secret, "as it is",
            help: "It is sealed on arrival and never shown."),
    ]

    private static let defaultRows = [
        Row("agent.model", "Model", .text, "as the settings say"),
        Row("agent.instructions", "Instructions", .area),
        Row("agent.max_cost_usd", "Budget of a task, US$", .number, "no limit"),
        Row("agent.max_iterations", "Turns in a round", .number, "as the settings say"),
        Row("validation.commands", "Validation", .area, help: "One command a line."),
        Row(
            "validation.require_tests", "Tests that show a change", .choice, choices: ["true", "false"],
            open: "as a task says"),
        Row("delivery.approval", "Approval", .choice, choices: ["none", "plan", "push"], open: "as a task says"),
        Row(
            "delivery.push", "Push what is validated", .choice, choices: ["true", "false"], open: "as the settings say"),
    ]
}

extension Form.Values {
    fileprivate func fields(_ rows: [Form.Row]) -> [Field] {
        rows.map { row in
            let value = values[row.name]
            let chosen = value ?? (row.open == nil ? row.fallback : nil)
            var words = row.choices
            // Who saves the form with another word in force is not to change it.
            if row.kind == .choice, let value, !value.isEmpty, !words.contains(value) { words.append(value) }
            let choices = words.map { Choice($0, Self.word($0), isChosen: $0 == chosen) }
            return Field(
                row.name, row.label, row.kind, value: value, fallback: fallbacks[row.name] ?? row.fallback,
                help: row.help, source: sources[row.name],
                choices: (row.open.map { [Choice("", $0, isChosen: chosen == nil)] } ?? []) + choices)
        }
    }

    private static func word(_ value: String) -> String {
        switch value {
        case "true": "yes"
        case "false": "no"
        default: Words.sentence(value)
        }
    }
}
