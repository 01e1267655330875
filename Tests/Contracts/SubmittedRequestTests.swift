import Contracts
import Foundation
import Foundations
import Testing

/// What a submission says itself.
@Suite struct SubmittedRequestTests {
    private static func read(_ json: JSONValue) throws -> SubmittedRequest {
        try SubmittedRequest(try json.data(), to: Sample.address)
    }

    private static let url: JSONValue = ["remote_url": "https://git.example.com/acme/web.git"]

    @Test func `its ids are the subject's, and its title is the first line of what is to be done`() throws {
        let described = try Self.read(["task": ["description": "\n  Fix the login \nSee #12."]])
        #expect(described.address == Sample.address)
        let request = try described.request(over: TaskDefaults(project: ["repository": Self.url]))
        #expect(request.task.title == "Fix the login" && request.task.description == "\n  Fix the login \nSee #12.")
        for task in [[:], ["description": " \n"], ["title": nil]] as [JSONValue] {
            let error = #expect(throws: FieldError.self) { try Self.read(["task": task]) }
            #expect(error?.description == "task.title: missing")
        }
        let long = try Self.read(["task": ["description": .string(String(repeating: "ä", count: 5000))]])
        #expect(try long.request(over: TaskDefaults(project: ["repository": Self.url])).task.title.utf8.count <= 200)
    }

    @Test(
        arguments: [
            ([], "expected an object, got a list"), ([:], "task: missing"), (["task": 1], "task: expected an object"),
            (["task": ["title": "t"], "repository": 7], "repository: expected an object"),
            (["task": ["title": "t"], "agent": 1], "agent: expected an object"),
            (["task": ["title": "t"], "team": ["planning": true]], "team: not built yet"),
            (["task": ["title": "t", "id": "a.b"]], "task.id: expected"),
        ] as [(JSONValue, String)])
    func `what no submission may hold is refused before anybody is asked for the rest`(
        _ body: JSONValue, _ expected: String
    ) {
        let error = #expect(throws: FieldError.self) { try Self.read(body) }
        #expect(error?.description.hasPrefix(expected) == true, "\(String(describing: error))")
    }

    @Test func `the same content is the same, however much of what holds anyway is said`() throws {
        let short = try Self.read(["task": ["title": "Fix the login"], "repository": Self.url])
        let long = try Self.read(Sample.minimalRequest.json)
        #expect(short.content == long.content)
        #expect(
            short.content == [
                "repository": Self.url,
                "task": ["company_id": "acme", "project_id": "web", "id": "fix-login", "title": "Fix the login"],
            ])
        #expect(
            try Self.read(["task": ["title": "Fix the login"], "unknown": 1]).content
                == Self.read([
                    "task": ["title": "Fix the login", "priority": "normal"], "delivery": nil,
                    "agent": ["mode": "single"],
                ]).content)
    }

    @Test func `other content is other content`() throws {
        let bodies: [JSONValue] = [
            ["task": ["title": "t"]], ["task": ["title": "t"], "repository": Self.url],
            ["task": ["title": "t"], "repository": ["branch": "b"]],
            ["task": ["title": "t"], "repository": ["branch": "b", "remote_url": "https://git.example.com/x"]],
            ["task": ["title": "t"], "delivery": ["push": false]], ["task": ["title": "t"], "timeout_seconds": 5],
            [
                "task": ["title": "t"],
                "repository": ["credentials": ["credential_type": "access_token", "access_token": "a"]],
            ],
            [
                "task": ["title": "t"],
                "repository": ["credentials": ["credential_type": "access_token", "access_token": "b"]],
            ],
            ["task": ["title": "t", "context": ["a": nil]]], ["task": ["title": "t", "metadata": ["a": 1]]],
        ]
        let contents = try bodies.map { try Self.read($0).content }
        #expect(Set(contents).count == bodies.count)
    }

    @Test func `every submission of the golden files is the same alone as it was before`() throws {
        for (name, credentials) in Sample.credentials {
            var request = Sample.request(credentials)
            request.agent.sessionID = nil
            let submitted = try Self.read(request.json)
            #expect(submitted.alone == request, "\(name)")
            #expect(try submitted.request(over: TaskDefaults()) == request, "\(name)")
        }
        #expect(try Self.read(["task": ["title": "t"]]).alone == nil)
    }
}
