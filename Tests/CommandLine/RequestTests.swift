import ArgumentParser
import Contracts
import Foundation
import Foundations
import Testing

@testable import CommandLineTool

struct RequestTests {
    private func request(_ arguments: [String]) throws -> JSONValue { try SubmitCommand.parse(arguments).request() }

    @Test func `flags make a request that the platform accepts`() throws {
        let body = try request([
            "--title", "Repair it", "--remote", "https://git.example/r.git", "--branch", "trunk", "--validate",
            "make test",
            "--validate", "make lint", "--requirement", "stays small", "--model", "m", "--max-cost", "1.5",
            "--priority", "high", "--webhook", "https://hooks.example/",
        ])
        let task = try TaskRequest(body)
        #expect(task.task.address.company.text == "local")
        #expect(task.task.address.project.text == "default")
        #expect(body["repository"]?["branch"] == "trunk")
        #expect(body["validation"]?["commands"] == ["make test", "make lint"])
        #expect(body["agent"]?["max_cost_usd"] == .double(1.5))
        #expect(task.task.priority == 3)
    }

    @Test func `each submission from flags has a fresh id`() throws {
        let ids = try (0..<10).map { _ in try request(["--title", "x"])["task"]?["id"]?.stringValue }
        #expect(Set(ids).count == 10)
    }

    @Test func `a named task is that task`() throws {
        let task = try request(["--task", "acme/web/t-1"])["task"]
        #expect(task?["company_id"] == "acme")
        #expect(task?["project_id"] == "web")
        #expect(task?["id"] == "t-1")
    }

    @Test func `a file gives what flags do not, as YAML or JSON`() throws {
        for text in ["task: {id: a, title: One}\nrepository: {branch: b}\n", #"{"task":{"id":"a","title":"One"}}"#] {
            let file = FileManager.default.temporaryDirectory.appending(path: "request-\(UUID().uuidString)")
            try Data(text.utf8).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }
            let body = try request([file.path, "--title", "Two"])
            #expect(body["task"]?["id"] == "a")
            #expect(body["task"]?["title"] == "Two")
        }
    }

    @Test func `a token is named by its variable and never by its value`() throws {
        #expect(throws: Failure.self) { try request(["--token-variable", "NO_SUCH_VARIABLE_OF_OURS"]) }
        let body = try request(["--token-variable", "PATH"])
        #expect(body["repository"]?["credentials"]?["credential_type"] == "access_token")
    }

    @Test(arguments: ["a/b", "a/b/c/d", "a//c", "a/b/c d", "a/b/*", ""])
    func `a reference that is no task is refused`(_ text: String) {
        #expect(throws: (any Error).self) { try TaskReference.parse([text]).address() }
    }
}
