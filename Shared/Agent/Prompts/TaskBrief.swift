/// A task in plain values, as its prompts need it.
package struct TaskBrief: Sendable, Hashable {
    package var title: String
    package var description: String
    package var requirements: [String]
    package var hints: String
    /// Paths that the submitter points at.
    package var contextFiles: [String]
    /// Further facts, name and value.
    package var facts: [String: String]
    /// Standing instructions of the operator for this agent.
    package var instructions: String
    /// What may be changed; `nil` is everything.
    package var scopePaths: [String]?
    /// The commands that the result is validated with.
    package var validationCommands: [String]
    /// Whether the result has to come with tests that show it.
    package var requiresTests: Bool
    /// The commands that have installed packages.
    package var setupCommands: [String]
    /// What is not as one would expect of the repository.
    package var remarks: [String]

    package init(
        title: String, description: String = "", requirements: [String] = [], hints: String = "",
        contextFiles: [String] = [], facts: [String: String] = [:], instructions: String = "",
        scopePaths: [String]? = nil, validationCommands: [String] = [], requiresTests: Bool = false,
        setupCommands: [String] = [], remarks: [String] = []
    ) {
        self.title = title
        self.description = description
        self.requirements = requirements
        self.hints = hints
        self.contextFiles = contextFiles
        self.facts = facts
        self.instructions = instructions
        self.scopePaths = scopePaths
        self.validationCommands = validationCommands
        self.requiresTests = requiresTests
        self.setupCommands = setupCommands
        self.remarks = remarks
    }

    private static let testing = """
        This change has to come with tests, in the manner of the repository's own; where it has none, bring what runs \
        them as well. They are run without the change, too: there they have to fail, and with it they have to pass. Only \
        where tests of before fail now and pass with the change, nothing has to be written.
        """

    /// The task as a text, section by section; empty sections are left out.
    var text: String {
        var sections = PromptSections()
        sections.add("Task", title)
        sections.add("Description", description)
        sections.add("Requirements", list: requirements)
        sections.add("Hints", hints)
        sections.add("Files to look at", list: contextFiles)
        sections.add("Context", list: facts.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
        sections.add("Only these paths may be changed", list: scopePaths ?? [])
        sections.add("The result is validated with", list: validationCommands)
        sections.add("Tests", requiresTests ? Self.testing : "")
        sections.add("Installed before commands run, read-only; no network is there later", list: setupCommands)
        sections.add("What is missing in this copy of the repository", list: remarks)
        return sections.text
    }
}

/// Joins titled sections.
struct PromptSections {
    private var parts: [String] = []

    mutating func add(_ title: String, _ text: String) {
        if !text.isEmpty { parts.append("# \(title)\n\(text)") }
    }

    mutating func add(_ title: String, list: [String]) {
        add(title, list.map { "- \($0)" }.joined(separator: "\n"))
    }

    var text: String { parts.joined(separator: "\n\n") }
}
