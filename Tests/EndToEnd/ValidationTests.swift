import Contracts
import Foundation
import Foundations
import PlatformSupport
import ScriptedModelServer
import TestSupport
import Testing

/// What may not count as a success, and what may.
@Suite(.timeLimit(.minutes(3))) struct ValidationTests {
    private static let tests = """
        import unittest
        from calc import add


        class AddTest(unittest.TestCase):
            def test_one(self):
                self.assertEqual(add(1, 1), 2)

            def test_two(self):
                self.assertEqual(add(2, 2), 4)

        """
    private static let other = """
        import unittest


        class OtherTest(unittest.TestCase):
            def test_other(self):
                self.assertTrue(True)

        """
    private static let wrong = "def add(a, b):\n    return 3\n"
    private static let right = "def add(a, b):\n    return a + b\n"
    private static let files = ["calc.py": wrong, "test_calc.py": tests]

    /// What dash does not understand, or takes for something else.
    private static let bash = [
        "set -o pipefail; cat calc.py | grep -q add", "source ./env.sh && [ $GREETING = hello ]",
        "[[ -f calc.py ]] && echo there", "python3 -m unittest |& tee /tmp/log; [[ -s /tmp/log ]]",
    ]

    static let roles: [Role] = [
        .coder("does-nothing", [.finish("All is well.")]),
        .coder("mends-late", seeing: "Repair round 1", [.write("calc.py", right), .finish("Mended.")]),
        .coder("mends-late", [.finish("All is well.")]),
        .coder("notes", [.write("notes.txt", "seen\n"), .finish()]),
        .coder("mends-calc", [.write("calc.py", right), .finish()]),
        .coder("deletes-tests", [.shell("rm test_calc.py"), .finish()]),
        .coder(
            "skips-tests",
            [
                .write("calc.py", "import unittest\nraise unittest.SkipTest('later')\n" + right), .finish(),
            ]),
        .coder("drops-one", [.shell("sed -i '/test_one/,+2d' test_calc.py"), .write("calc.py", right), .finish()]),
        .coder("runs-bash", bash.map { Turn.shell($0) } + [.write("calc.py", right), .finish()]),
        .coder("breaks", seeing: "cannot be read as Python", [.write("calc.py", right), .finish("Mended.")]),
        .coder("breaks", [.write("calc.py", "def add(a, b:\n"), .write("old.py", "still broken(\n"), .finish()]),
        .coder("tests-late", seeing: "no test shows", [.write("test_calc.py", tests), .finish("With tests.")]),
        .coder("tests-late", [.write("calc.py", right), .finish()]),
        .coder("tests-nothing", [.write("calc.py", right), .write("test_calc.py", other), .finish()]),
        .coder("deletes-old", [.shell("rm old.py"), .finish()]),
        .coder(
            "half-done",
            [
                .call(
                    "update_todos",
                    ["items": [["text": "a", "status": "done"], ["text": "b", "status": "pending"]]]),
                .write("app.txt", "new\n"), .finish(),
            ]),
    ]

    private func run(
        _ model: String, _ files: [String: String] = Self.files,
        validation: [String: JSONValue] = ["max_repair_rounds": 0],
        task: [String: JSONValue] = [:]
    ) async throws -> (task: EndedTask, remote: GitRemote) {
        let remote = try await GitRemote(files: files)
        var draft = TaskDraft(model, remote: remote)
        draft.validation = validation
        draft.task = task
        return (try await Platform.shared().run(draft), remote)
    }

    @Test func `validation runs in the shell of the model's tool`() async throws {
        let files = Self.files.merging(["env.sh": "GREETING=hello\n"]) { $1 }
        let (task, _) = try await run(
            "runs-bash", files,
            validation: ["commands": .array(Self.bash.map { .string($0) }), "max_repair_rounds": 0])
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
        #expect(task.result.validationResult?.commands.map(\.exitCode) == [0, 0, 0, 0])
        let piped = try await run("mends-calc", validation: ["commands": ["exit 3 | cat"], "max_repair_rounds": 0])
        #expect(piped.task.result.validationResult?.commands.map(\.exitCode) == [3])
    }

    // MARK: Without changes

    @Test(arguments: [["python3 -m unittest -q"], []])
    func `doing nothing about what fails is repaired, and in the end no success`(_ commands: [String]) async throws {
        let (task, remote) = try await run(
            "does-nothing",
            validation: ["commands": .array(commands.map { .string($0) }), "max_repair_rounds": 1])
        #expect(task.result.status == .validationFailed && task.types.last == .workflowFailed)
        #expect(task.details(.implementationStarted).compactMap { $0["round"]?.intValue } == [0, 1])
        #expect(task.result.stepsCompleted == 0)
        #expect(try await remote.branches() == ["main"])
    }

    @Test func `a repair round may still do what the first left undone`() async throws {
        let (task, _) = try await run("mends-late", validation: ["max_repair_rounds": 1])
        #expect(task.result.status == .completed && task.result.validationResult?.testsPassed == 2)
    }

    @Test func `no change to what passes is a success without branch, approval or push`() async throws {
        let files = ["calc.py": Self.right, "test_calc.py": Self.tests]
        let remote = try await GitRemote(files: files)
        var draft = TaskDraft("does-nothing", remote: remote)
        draft.delivery = ["approval": "push"]
        let task = try await Platform.shared().run(draft)
        #expect(task.result.status == .completedNoChanges && task.result.branchName == nil)
        #expect(task.types.suffix(3) == [.validationStarted, .validationCompleted, .workflowCompleted])
        #expect(task.result.validationResult?.testsPassed == 2)
        #expect(try await remote.branches() == ["main"])
    }

    // MARK: Nothing ran

    /// A kind of project whose program this machine lacks.
    private static let missing = [("go", "go.mod"), ("cargo", "Cargo.toml"), ("mvn", "pom.xml")].first { program, _ in
        !["/usr/bin", "/usr/local/bin", "/bin"].contains {
            FileManager.default.fileExists(atPath: "\($0)/\(program)")
        }
    }

    @Test(.enabled(if: missing != nil, "this machine has every program"))
    func `a program that is missing for what was detected fails at once and by name`() async throws {
        let (program, marker) = try #require(Self.missing)
        let (task, _) = try await run("notes", [marker: "\n"], validation: ["max_repair_rounds": 3])
        #expect(task.result.status == .validationFailed)
        #expect(task.result.errorMessage?.contains("`\(program)` is not installed") == true)
        #expect(task.details(.implementationStarted).count == 1)
    }

    @Test func `a success that no command stands for says so`() async throws {
        let (task, _) = try await run("notes", ["README.md": "hello\n"])
        #expect(task.result.status == .completed)
        let issues = task.result.validationResult?.issues ?? []
        #expect(issues.contains { $0.contains("no command validated this tree") })
        #expect(task.result.validationResult?.testsPassed == nil)
    }

    // MARK: What is pushed

    private static let cheat: JSONValue = [
        "printf 'def add(a, b):\\n    return a + b\\n' > calc.py", "python3 -m unittest -q",
    ]

    @Test func `a command that writes what makes the next one pass fails`() async throws {
        let (task, remote) = try await run("notes", validation: ["commands": Self.cheat, "max_repair_rounds": 0])
        #expect(task.result.status == .validationFailed)
        #expect(task.result.errorMessage?.contains("changed files of the tree") == true)
        #expect(task.result.validationResult?.commands.map(\.exitCode) == [0, 1])
        #expect(try await remote.branches() == ["main"])
    }

    @Test func `what commands may write is pushed with the rest, and passed as it is pushed`() async throws {
        let (task, remote) = try await run(
            "notes", validation: ["commands": Self.cheat, "max_repair_rounds": 0, "write": true])
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
        let branch = try #require(task.result.branchName)
        #expect(try await remote.changedFiles(from: "main", to: branch) == ["calc.py", "notes.txt"])
        #expect(try await remote.contents(of: "calc.py", at: branch) == Self.right)
        #expect(task.result.artifacts.filesChanged == 2 && task.result.validationResult?.testsPassed == 2)
    }

    @Test func `commands that write something else each time come to an end`() async throws {
        let (task, _) = try await run(
            "notes",
            validation: ["commands": ["date +%N > stamp.txt"], "max_repair_rounds": 0, "write": true])
        #expect(task.result.status == .validationFailed)
        #expect(task.result.errorMessage?.contains("change the tree again") == true)
    }

    @Test func `a new file of one command does not help the next, a product that is ignored does`() async throws {
        let commands: JSONValue = ["touch made.txt build.tmp", "test ! -e made.txt && test -e build.tmp"]
        let (task, remote) = try await run(
            "notes", [".gitignore": "*.tmp\n"], validation: ["commands": commands, "max_repair_rounds": 0])
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
        let branch = try #require(task.result.branchName)
        #expect(try await remote.changedFiles(from: "main", to: branch) == ["notes.txt"])
    }

    // MARK: Tests of the base

    @Test(arguments: [
        ("deletes-tests", "test_calc.py"), ("skips-tests", "test(s) ran"), ("drops-one", "2 test(s) ran"),
    ])
    func `tests of the base that do not run any more fail by name`(_ model: String, _ word: String) async throws {
        for commands: JSONValue in [[], ["python3 -m unittest discover || [ $? -eq 5 ]"]] {
            let (task, remote) = try await run(model, validation: ["max_repair_rounds": 0, "commands": commands])
            #expect(task.result.status == .validationFailed)
            #expect(task.result.validationResult?.issues.contains { $0.contains(word) } == true)
            #expect(try await remote.branches() == ["main"])
        }
    }

    @Test(arguments: ["deletes-tests", "drops-one"])
    func `a task may ask for it`(_ model: String) async throws {
        let (task, _) = try await run(
            model, validation: ["max_repair_rounds": 0], task: ["requirements": ["Remove what is in test_calc.py."]])
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
    }

    @Test(arguments: [([], .validationFailed), (["Remove old.py."], .completed)] as [(JSONValue, TerminalStatus)])
    func `a task may ask that a file goes which holds tests beside other things`(
        _ requirements: JSONValue, _ status: TerminalStatus
    ) async throws {
        let loader = """
            import doctest, os

            def load_tests(loader, tests, pattern):
                if os.path.exists("old.py"):
                    tests.addTests(doctest.DocTestSuite("old"))
                tests.addTests(doctest.DocTestSuite("new"))
                return tests

            """
        let module = "\"\"\"\n>>> 1\n1\n\"\"\"\n"
        let (task, _) = try await run(
            "deletes-old", ["old.py": module, "new.py": module, "test_docs.py": loader],
            validation: ["max_repair_rounds": 0], task: ["requirements": requirements])
        #expect(task.result.status == status, "\(task.result.errorMessage ?? "")")
    }

    // MARK: Syntax

    @Test func `what cannot be read goes back to the coder before a test runs, but for what was broken before`()
        async throws
    {
        let files = Self.files.merging(["old.py": "broken(\n"]) { $1 }
        let commands: JSONValue = ["python3 -m unittest -q"]
        let (task, remote) = try await run(
            "breaks", files, validation: ["commands": commands, "max_repair_rounds": 1])
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
        let rounds = task.details(.validationCompleted)
        #expect(rounds.compactMap { $0["success"]?.boolValue } == [false, true])
        let first = rounds.first?["checks"]?.arrayValue ?? []
        #expect(first.compactMap { $0["command"]?.stringValue } == ["syntax (python3): calc.py"])
        #expect(first.first?["exit_code"] == 1)
        let result = try #require(task.result.validationResult)
        #expect(result.checks?.map(\.command) == ["syntax (python3): calc.py"])
        #expect(result.commands.map(\.command) == ["python3 -m unittest -q"])
        #expect(result.issues.contains { $0.contains("could not be read on the base either") && $0.contains("old.py") })
        #expect(try await remote.branches().count == 2)
    }

    // MARK: Required tests

    @Test func `a task that requires tests is done when they fail without it and pass with it`() async throws {
        let commands: JSONValue = ["python3 -m unittest -q"]
        let (task, remote) = try await run(
            "tests-late", ["calc.py": Self.wrong, "test_other.py": Self.other],
            validation: ["commands": commands, "max_repair_rounds": 1, "require_tests": true])
        #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
        #expect(task.details(.validationCompleted).compactMap { $0["success"]?.boolValue } == [false, true])
        #expect(task.result.validationResult?.testsPassed == 3)
        let branch = try #require(task.result.branchName)
        #expect(try await remote.changedFiles(from: "main", to: branch) == ["calc.py", "test_calc.py"])
    }

    @Test func `tests that pass without the change as well are not what was required`() async throws {
        let commands: JSONValue = ["python3 -m unittest -q"]
        let (task, remote) = try await run(
            "tests-nothing", ["calc.py": Self.wrong],
            validation: ["commands": commands, "max_repair_rounds": 0, "require_tests": true])
        #expect(task.result.status == .validationFailed)
        #expect(task.result.errorMessage?.contains("the tests do not show the change") == true)
        #expect(try await remote.branches() == ["main"])
    }

    // MARK: Steps

    @Test func `the steps that are done are those that the coder says are`() async throws {
        let (task, _) = try await run("half-done", Sample.files, validation: ["commands": Sample.commands])
        #expect(task.result.status == .completed)
        #expect(task.result.implementationPlan?.steps.count == 2 && task.result.stepsCompleted == 1)
    }

    // MARK: Death

    @Test(arguments: ["before-effect:2", "after-effect:2", "before-effect:3", "before-commit"])
    func `a validator that dies between its commands is replaced, and the same tree is pushed`(
        _ point: String
    ) async throws {
        var settings = PlatformSettings(
            roles: [.coder("notes", [.write("notes.txt", "seen\n"), .finish()]), .anyPlanner],
            environment: ["LEASE_SECONDS": "2"])
        settings.kinds = ServiceKind.allCases.filter { $0 != .validator }
        try await Platform.with(settings) { platform in
            let doomed = try await platform.start(.validator, environment: ["AUTOMATA_CRASH_AT": point])
            let remote = try await GitRemote(files: Self.files)
            var draft = TaskDraft("notes", remote: remote)
            draft.validation = ["commands": Self.cheat, "max_repair_rounds": 0, "write": true]
            try await platform.submit(draft)
            try await eventually("the validator dies") { !doomed.process.isRunning }
            try await platform.start(.validator, name: "second")
            let task = try await platform.end(of: draft)
            #expect(task.result.status == .completed, "\(task.result.errorMessage ?? "")")
            #expect(task.details(.validationStarted).count == 1)
            let branch = try #require(task.result.branchName)
            #expect(try await remote.contents(of: "calc.py", at: branch) == Self.right)
            #expect(try await remote.log("main..\(branch)").count == 1)
        }
    }
}
