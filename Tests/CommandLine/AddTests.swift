import ArgumentParser
import Contracts
import Foundation
import Foundations
import TaskFiles
import TestSupport
import Testing

@testable import CommandLineTool

/// The verbs that need no more than what is to be done.
@Suite struct AddTests {
    private func task(_ arguments: [String]) throws -> JSONValue? { try AddCommand.parse(arguments).request()["task"] }

    @Test func `what is to be done is a task of the usual project, or of another`() throws {
        let body = try AddCommand.parse(["Create a health check\nat /healthz", "--priority", "5"]).request()
        let address = try TaskAddress(of: body)
        #expect(address.company.text == "local" && address.project.text == "default")
        #expect(body["task"]?["priority"] == 5 && body["repository"] == nil)
        #expect(try task(["x", "--priority", "high", "--project", "acme/web"])?["priority"] == "high")
        #expect(try task(["x", "--project", "acme/web"])?["company_id"] == "acme")
        #expect(try task(["x"])?["id"] != task(["x"])?["id"])
    }

    @Test(arguments: [
        ["add"], ["add", "x", "--project", "acme"], ["add", "x", "--project", "acme/-"],
        ["add", "x", "--project", "a/b/c"], ["apply"], ["apply", "f", "--project", "-"],
    ])
    func `what names nothing is refused`(_ arguments: [String]) {
        #expect(throws: (any Error).self) { _ = try AutomataCommand.parseAsRoot(arguments) }
    }

    @Test func `a file of the platform's names numbers as numbers, as YAML too`() throws {
        let folder = try TemporaryFolder("input")
        let file = try folder.write("task.yaml", "task: {id: a, title: One, priority: 2}\n")
        #expect(try InputFile.read(file)["task"]?["priority"] == 2)
    }

    @Test func `what becomes of each task of a file is a line, and all of them one`() throws {
        let text = "project: a/b\ntasks:\n  - {id: one, title: One}\n  - {id: two, title: Two}\n"
        let entries = try TaskFile(Data(text.utf8), project: nil).entries
        let plan = TaskPlan([
            TaskPlan.Row(entries[0], .create),
            TaskPlan.Row(entries[1], .refused(code: "conflict", reason: "has begun")),
        ])
        #expect(
            ApplyCommand.lines(of: plan) == [
                "create     a/b/one  One", "refused    a/b/two  Two  (line 4: conflict: has begun)",
                "create 1, update 0, unchanged 0, refused 1",
            ])
    }

    @Test func `a file that is broken is told with its place before anybody is asked`() throws {
        let folder = try TemporaryFolder("input")
        let file = try folder.write("tasks.yaml", "tasks:\n  - description: a\n    priority: 17\n")
        for arguments in [["apply", file], ["apply", "--dry-run", file], ["up", "--tasks", file]] {
            let outcome = try Executable.run(arguments)
            #expect(outcome.status == 75)
            #expect(
                outcome.errorOutput
                    == "automata: \(file): line 3, column 15: tasks[0].priority: expected 1…10\n")
        }
    }
}
