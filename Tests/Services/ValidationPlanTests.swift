import Sandbox
import Testing
import ValidatorService

@Suite struct ValidationPlanTests {
    private func kinds(_ paths: [String], _ contents: [String: String] = [:]) -> [String] {
        ProjectKind.detect(ProjectFiles(paths: paths, texts: contents)).map(\.name)
    }

    /// The plan of a change that leaves the names of all files as they are.
    private func plan(requested: [String] = [], _ paths: [String], changed: [String] = []) -> ValidationPlan {
        let files = ProjectFiles(paths: paths)
        return ValidationPlan(requested: requested, base: files, head: files, changed: changed)
    }

    @Test(arguments: [
        (["Package.swift", "Sources/a.swift"], ["Swift"]),
        (["pyproject.toml"], ["Python"]),
        (["src/a.py", "tests/test_a.py"], ["Python"]),
        (["go.mod", "Cargo.toml"], ["Go", "Rust"]),
        (["pom.xml"], ["Maven"]),
        (["docs/go.mod"], []),
        (["README.md"], []),
    ])
    func `a project is recognised by its files`(_ paths: [String], _ expected: [String]) {
        #expect(kinds(paths) == expected)
    }

    @Test func `a Node project counts only with a test script`() {
        #expect(kinds(["package.json"], ["package.json": #"{"scripts": {"test": "node --test"}}"#]) == ["Node"])
        #expect(kinds(["package.json"], ["package.json": "{}"]).isEmpty)
        #expect(kinds(["package.json"], ["package.json": "not JSON"]).isEmpty)
        let placeholder = #"{"scripts": {"test": "echo \"Error: no test specified\" && exit 1"}}"#
        #expect(kinds(["package.json"], ["package.json": placeholder]).isEmpty)
    }

    @Test func `a Makefile with a test target is taken where nothing else is known`() {
        #expect(kinds(["Makefile"], ["Makefile": "build:\n\ntest:\n\ttrue\n"]) == ["Make"])
        #expect(kinds(["Makefile"], ["Makefile": "build:\n"]).isEmpty)
        #expect(kinds(["Makefile", "go.mod"], ["Makefile": "test:\n"]) == ["Go"])
    }

    @Test(arguments: [
        (["Package.swift", "Sources/a.swift"], ["swift build --disable-sandbox"]),
        (["Package.swift", "Tests/aTests/a.swift"], ["swift test --disable-sandbox"]),
        (["pyproject.toml", "src/a.py"], []),
        (["go.mod", "main.go"], ["go test ./..."]),
    ])
    func `a project without tests is built, if its kind can be`(_ paths: [String], _ expected: [String]) {
        let plan = plan(paths, changed: ["src/a.py"])
        #expect(plan.commands.map(\.text) == expected)
    }

    @Test(arguments: [["a.py", "test_a.py"], ["pyproject.toml", "tests/unit/a.py"], ["setup.py", "conftest.py"]])
    func `a Python project with tests runs them`(_ paths: [String]) {
        let plan = plan(paths)
        #expect(plan.commands.count == 1 && plan.commands.first?.text.contains("pytest") == true)
    }

    @Test func `the request's commands go before what the files tell`() {
        let plan = plan(requested: ["make check"], ["go.mod"], changed: ["a.go"])
        #expect(plan.commands.map(\.arguments) == [Shell.arguments("make check")])
    }

    @Test func `what a request names and what the files tell run in the shell of the model's tool`() {
        for plan in [plan(requested: ["set -o pipefail; true"], []), plan(["go.mod"])] {
            let shells = plan.commands.map { SandboxCommand.shell($0.text, workTree: "/x").arguments }
            #expect(!shells.isEmpty && plan.commands.map(\.arguments) == shells)
        }
    }

    @Test func `the syntax of changed files is looked at whatever else runs, and it is said where nothing does`() {
        let syntax = SyntaxPlan([SourceFile(path: "a.py", text: "x = 1\n")])
        let files = ProjectFiles(paths: ["a.py"])
        let alone = ValidationPlan(requested: [], base: files, head: files, changed: ["a.py"], syntax: syntax)
        #expect(alone.commands.isEmpty && alone.texts == ["syntax (python3): a.py"] && !alone.isEmpty)
        #expect(alone.notes.first?.contains("only the syntax") == true)
        let asked = ValidationPlan(requested: ["make"], base: files, head: files, changed: ["a.py"], syntax: syntax)
        #expect(asked.texts == ["syntax (python3): a.py", "make"] && asked.notes.isEmpty)
        #expect(plan(["README.md"]).isEmpty && plan(["README.md"]).notes.isEmpty)
    }

    @Test(arguments: [
        (["a.py", "test_a.py"], ["a.py"], "pytest"), (["go.mod", "a_test.go"], ["a.go"], "go test ./..."),
        (["pyproject.toml", "tests/test_a.py"], ["pyproject.toml"], "pytest"),
        (["README.md"], ["go.mod"], "go test ./..."),
    ])
    func `what the base has is run although the change takes its signs away, and what the change adds as well`(
        _ base: [String], _ head: [String], _ expected: String
    ) {
        let plan = ValidationPlan(
            requested: [], base: ProjectFiles(paths: base), head: ProjectFiles(paths: head), changed: [])
        #expect(plan.commands.count == 1 && plan.commands.first?.text.contains(expected) == true)
    }

    @Test func `a test script that the change removes is still asked for`() {
        let base = ProjectFiles(paths: ["package.json"], texts: ["package.json": #"{"scripts": {"test": "jest"}}"#])
        let head = ProjectFiles(paths: ["package.json"], texts: ["package.json": "{}"])
        #expect(ProjectKind.detect(base: base, head: head).map(\.name) == ["Node"])
    }
}
