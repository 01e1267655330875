import Contracts
import Foundation
import Foundations
import Testing

/// What a new submission is refused for, although it could be read.
@Suite struct SubmissionTests {
    private static func submit(_ path: String, _ value: JSONValue) throws -> TaskRequest {
        let json = try JSONValue(parsing: GoldenCase.file("task_request_minimal"))
        return try TaskRequest(submitted: json.setting(path.split(separator: ".")[...], to: value).data())
    }

    @Test(
        arguments: [
            ("action", ["module": "shell", "action": "run"]), ("workflow", ["name": "nightly"]),
            ("team", ["planning": true]), ("research", ["experiments": [["name": "a"]]]),
            ("resources", [["type": "gpu"]]), ("retry", ["max_retries": 5]), ("task.session_id", "s"),
            ("agent.mode", "team"), ("agent.mode", "research"),
            ("agent.session_id", "s"), ("agent.profile", "reviewer"), ("agent.events", "messages"),
            ("delivery.documents", true),
        ] as [(String, JSONValue)])
    func `a field that is not built yet is refused by name`(_ path: String, _ value: JSONValue) {
        let error = #expect(throws: FieldError.self) { try Self.submit(path, value) }
        #expect(error?.description == "\(path): not built yet")
    }

    @Test(
        arguments: [
            ("action", nil), ("workflow", ["name": "", "version": nil, "parameters": [:], "steps": nil]), ("team", [:]),
            ("research", ["datasets": [], "experiments": []]), ("resources", []),
            ("retry", ["max_retries": 3, "retry_delay": 1.0]), ("task.session_id", nil), ("task.metadata", [:]),
            ("agent.mode", "single"), ("agent.profile", nil), ("agent.events", "steps"), ("validation.setup", []),
            ("validation.require_tests", false), ("validation.write", false), ("delivery.documents", false),
        ] as [(String, JSONValue)])
    func `the default of a field that is not built yet passes`(_ path: String, _ value: JSONValue) throws {
        #expect(try Self.submit(path, value) == Sample.minimalRequest)
    }

    @Test(arguments: ["company_id", "project_id", "id"])
    func `the id that stands for all is nobody's`(_ field: String) throws {
        let error = #expect(throws: FieldError.self) { try Self.submit("task.\(field)", "-") }
        #expect(error?.description == "task.\(field): - stands for all of them and is no id")
        let other = #expect(throws: FieldError.self) { try Self.submit("task.dependencies", ["a", "-"]) }
        #expect(other?.path == "task.dependencies[1]")
        #expect(try Self.submit("task.id", "--").task.address.task.text == "--")
    }

    @Test func `what a client keeps with its task is kept, and a task without it is the task it was before`() throws {
        let request = try Self.submit("task.metadata", ["ticket": 7])
        #expect(request.task.metadata == ["ticket": 7])
        #expect(try TaskRequest(request.json) == request)
        #expect(try Self.submit("task.metadata", [:]).json == Sample.minimalRequest.json)
    }

    @Test func `what an earlier version recorded is still read`() throws {
        let json = try JSONValue(parsing: GoldenCase.file("task_request_none"))
        #expect(try TaskRequest(json).agent.sessionID == "session-1")
    }

    @Test func `what is installed is read with its hosts, and refused by name where it is malformed`() throws {
        let request = try Self.submit("validation.setup", ["npm ci"])
        #expect(request.validation.setup.commands == ["npm ci"])
        #expect(try Self.submit("validation.fetch", ["*.example.com:8081"]).validation.setup.hosts.count == 1)
        for (path, value, expected) in [
            ("validation.setup", [""], "validation.setup[0]: empty"),
            ("validation.fetch", ["a/b"], "validation.fetch[0]: \(HostPattern.form)"),
        ] as [(String, JSONValue, String)] {
            let error = #expect(throws: FieldError.self) { try Self.submit(path, value) }
            #expect(error?.description == expected)
        }
    }

    @Test func `tools are known by their other names, and what is no tool is refused by name`() throws {
        let request = try Self.submit("agent.allowed_tools", ["run_cmd", "read_file"])
        #expect(request.agent.allowedTools == ["run_shell_command", "read_file"])
        let unbuilt = #expect(throws: FieldError.self) { try Self.submit("agent.allowed_tools", ["git_commit"]) }
        #expect(unbuilt?.description == "agent.allowed_tools[0]: git_commit is not built yet")
        let unknown = #expect(throws: FieldError.self) {
            try Self.submit("agent.allowed_tools", ["read_file", "rm"])
        }
        #expect(
            unknown?.description.hasPrefix("agent.allowed_tools[1]: there is no tool \"rm\"; the tools are ") == true)
    }

    @Test func `scopes and commands beyond their bounds are refused by name`() {
        let long = JSONValue.string(String(repeating: "a", count: 1001))
        let many = JSONValue.array(Array(repeating: .string(String(repeating: "a", count: 1000)), count: 17))
        let command = JSONValue.string(String(repeating: "a", count: 100_001))
        for (path, value, expected) in [
            ("agent.scope_paths", ["src", long], "agent.scope_paths[1]: longer than 1000 bytes"),
            ("agent.scope_paths", [""], "agent.scope_paths[0]: empty"),
            ("agent.scope_paths", many, "agent.scope_paths: longer than 16384 bytes in all"),
            ("validation.commands", [command], "validation.commands[0]: longer than 100000 bytes"),
        ] as [(String, JSONValue, String)] {
            let error = #expect(throws: FieldError.self) { try Self.submit(path, value) }
            #expect(error?.description == expected)
        }
    }
}
