import Testing
import ValidatorService

@Suite struct ValidationPlanTests {
    private func kinds(_ paths: [String], _ contents: [String: String] = [:]) -> [String] {
        ProjectKind.detect(paths: paths, contents: { contents[$0] }).map(\.name)
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
        (["pyproject.toml", "src/a.py"], ["python3 -m py_compile ./src/a.py"]),
        (["go.mod", "main.go"], ["go test ./..."]),
    ])
    func `a project without tests is built, or its changed files are checked`(_ paths: [String], _ expected: [String]) {
        let plan = ValidationPlan(requested: [], paths: paths, changed: ["src/a.py"], contents: { _ in nil })
        #expect(plan.commands.map(\.text) == expected)
    }

    @Test(arguments: [["a.py", "test_a.py"], ["pyproject.toml", "tests/unit/a.py"], ["setup.py", "conftest.py"]])
    func `a Python project with tests runs them`(_ paths: [String]) {
        let plan = ValidationPlan(requested: [], paths: paths, changed: [], contents: { _ in nil })
        #expect(plan.commands.count == 1 && plan.commands.first?.text.contains("pytest") == true)
    }

    @Test func `the request's commands go before what the files tell`() {
        let plan = ValidationPlan(
            requested: ["make check"], paths: ["go.mod"], changed: ["a.go"], contents: { _ in nil })
        #expect(plan.commands.map(\.arguments) == [["/bin/sh", "-c", "make check"]])
    }

    @Test func `without tests the syntax of changed files is checked, as arguments and not as shell text`() {
        let plan = ValidationPlan(
            requested: [], paths: ["a.py", "b; rm -rf x.sh"], changed: ["a.py", "b; rm -rf x.sh", "notes.txt"],
            contents: { _ in nil })
        #expect(
            plan.commands.map(\.arguments) == [
                ["python3", "-m", "py_compile", "./a.py"], ["bash", "-n", "./b; rm -rf x.sh"],
            ])
        #expect(!plan.notes.isEmpty)
    }
}
