import Contracts
import Foundation
import Foundations
import TaskFiles
import Testing

@Suite struct TaskFileTests {
    private static let local = TaskAddress(
        company: CompanyID(validated: "local"), project: ProjectID(validated: "default"), task: .all)

    private func file(_ text: String, project: TaskAddress? = local) throws -> TaskFile {
        try TaskFile(Data(text.utf8), project: project)
    }

    private func error(_ text: String) -> DocumentError? { #expect(throws: DocumentError.self) { try file(text) } }

    private func submission(_ text: String) throws -> JSONValue {
        try #require(try file(text).entries.first).submission
    }

    /// As the document that asks for such files has it.
    private static let source = """
        tasks:
          - description: "Create a user registration API with email validation"
            priority: 2
            metadata:
              category: "api"

          - description: "Add unit tests for the payment processing module"
            priority: 1
        """

    @Test func `a list of descriptions is a list of tasks of the usual project`() throws {
        let entries = try file(Self.source).entries
        #expect(entries.map(\.address.company.text) == ["local", "local"])
        #expect(entries.map(\.address.project.text) == ["default", "default"])
        #expect(
            entries.map { String($0.address.task.text.dropLast(13)) } == [
                "create-a-user-registration-api-with-emai", "add-unit-tests-for-the-payment-processin",
            ])
        let task = entries[0].submission["task"]
        #expect(task?["priority"] == 2 && task?["metadata"] == ["category": "api"])
        #expect(entries[0].title == "Create a user registration API with email validation")
        #expect(entries.map(\.place) == [TextPlace(line: 2, column: 5), TextPlace(line: 7, column: 5)])
        let second = entries[1]
        #expect(try SubmittedRequest(second.submission.data(), to: second.address).address == second.address)
    }

    @Test func `a task has the same id as long as the same is to be done`() throws {
        let before = try file(Self.source).entries.map(\.address)
        let changed = Self.source.replacingOccurrences(of: "priority: 2", with: "priority: 9")
        #expect(try file("# More\n" + changed).entries.map(\.address) == before)
        let twice = try file("tasks: [{description: Tidy up}, {description: ' Tidy up '}, {title: Tidy up!}]").entries
        #expect(Set(twice.map(\.address)).count == 3)
        #expect(twice[1].address.task.text == twice[0].address.task.text + "-2")
        #expect(try file("tasks: [{description: 整理}]").entries[0].address.task.text.hasPrefix("task-"))
    }

    @Test func `an entry says as much as a submission, flat or whole`() throws {
        let flat = """
            project: acme/web
            tasks:
              - id: health
                title: Health
                tags: [a]
                dependencies: [before]
                repository: {branch: trunk}
                validation: {commands: [make test]}
                delivery: {push: no}
                timeout_seconds: 60
            """
        let whole = """
            tasks:
              - task: {id: health, company_id: acme, project_id: web, title: Health, tags: [a], dependencies: [before]}
                repository: {branch: trunk}
                validation: {commands: [make test]}
                delivery: {push: false}
                timeout_seconds: 60
            """
        #expect(try submission(flat) == submission(whole))
        #expect(
            try submission(flat) == [
                "task": [
                    "id": "health", "company_id": "acme", "project_id": "web", "title": "Health", "tags": ["a"],
                    "dependencies": ["before"],
                ],
                "repository": ["branch": "trunk"], "validation": ["commands": ["make test"]],
                "delivery": ["push": false], "timeout_seconds": 60,
            ])
    }

    @Test func `the nearest names the project`() throws {
        let text = "project: acme/web\ntasks: [{title: a}, {title: b, project: acme/shop}, {title: c, project_id: x}]"
        #expect(try file(text).entries.map(\.address.project.text) == ["web", "shop", "x"])
        #expect(try file(text).entries.map(\.address.company.text) == ["acme", "acme", "acme"])
        let missing = #expect(throws: DocumentError.self) { try file("tasks: [{title: a}]", project: nil) }
        #expect(missing?.reason == "tasks[0].project: missing, and the file names none")
    }

    @Test(arguments: ["", "# nothing\n", "tasks:\n", "tasks: []", "{}"])
    func `a file may hold nothing`(_ text: String) throws { #expect(try file(text).entries.isEmpty) }

    @Test(
        arguments: [
            ("tasks:\n  - description: a\n    priority: 17\n", 3, 15, "tasks[0].priority: expected 1…10"),
            ("tasks:\n- title: a\n- title: b\n  dependencies: [c, 'd e']", 4, 21, "tasks[1].dependencies[1]: expected"),
            ("tasks:\n  - priority: 1\n", 2, 5, "tasks[0].title: missing"),
            ("tasks:\n  - title: a\n    priorty: 1\n", 3, 14, "tasks[0].priorty: there is no such field"),
            ("tasks:\n  - title: a\n    delivery: {push: maybe}\n", 3, 22, "tasks[0].delivery.push: expected"),
            ("tasks:\n  - title: a\n    session_id: s\n", 3, 17, "tasks[0].session_id: not built yet"),
            ("tasks:\n  - title: a\n    id: x\n  - title: b\n    id: x\n", 5, 9, "tasks[1].id: tasks[0] has it too"),
            ("tasks:\n  - just text\n", 2, 5, "tasks[0]: expected an object"),
            ("tasks: text\n", 1, 8, "tasks: expected a list"), ("task: []\n", 1, 7, "task: there is no such field"),
            ("- title: a\n", 1, 1, "expected an object"), ("project: web\ntasks: []", 1, 10, "project: expected"),
            ("tasks:\n  - title: a\n    title: b\n", 2, 5, "`title` is there twice"),
        ] as [(String, Int, Int, String)])
    func `what is wrong is told with its place`(_ text: String, _ line: Int, _ column: Int, _ reason: String) {
        let error = error(text)
        #expect(error?.place == TextPlace(line: line, column: column), "\(String(describing: error))")
        #expect(error?.reason.hasPrefix(reason) == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        ("tasks:\n  - title: a\n   priority: 1\n", 3), ("tasks:\n\t- title: a\n", 2), ("tasks: [{title: \"a}]\n", 1),
        ("a: 1\n---\nb: 2\n", 2), ("tasks: *nothing\n", 1),
    ])
    func `what is no YAML is told with its line`(_ text: String, _ line: Int) throws {
        let place = try #require(error(text)?.place)
        #expect((line...line + 1).contains(place.line), "\(place)")
    }

    @Test func `what is too large, or no text, is no file of tasks`() {
        #expect(throws: DocumentError.self) { try file("# " + String(repeating: "x", count: TaskFile.maximumBytes)) }
        #expect(throws: DocumentError.self) { try TaskFile(Data([0x61, 0xFF]), project: nil) }
        let bomb = (1..<12).reduce("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n") { text, level in
            text + "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
        }
        #expect(error(bomb)?.reason == "the document holds too much")
    }

    @Test func `no error repeats what may be a secret`() {
        let text = "tasks:\n  - title: a\n    repository: {credentials: {credential_type: hunter2}}\n"
        #expect(error(text)?.description.contains("hunter2") == false)
    }
}
