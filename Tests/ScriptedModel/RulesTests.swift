import Foundation
import Foundations
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct RulesTests {
    private static let broken: [(messages: [JSONValue], complaint: String)] = [
        ([assistant(calls: "a")], "tool call a was answered 0 times"),
        ([assistant(calls: "a"), user("x")], "tool call a was answered 0 times"),
        ([assistant(calls: "a"), result("a"), result("a")], "tool call a was answered 2 times"),
        ([assistant(calls: "a", "b"), result("a")], "tool call b was answered 0 times"),
        ([assistant(calls: "a"), result("b")], "tool result b answers no tool call of the message before it"),
        ([result("b")], "tool result b answers no tool call of the message before it"),
        ([assistant(calls: "a"), user("x"), result("a")], "tool result a answers no tool call"),
        ([assistant(calls: "a", "a"), result("a")], "tool call id a was used twice in one message"),
    ]

    @Test(arguments: 0..<8) func `a tool call that is not answered once, at once, is refused loudly`(
        _ index: Int
    ) async throws {
        let folder = try TemporaryFolder()
        var options = ScriptedModelServer.Options()
        options.witness = try Witness(path: folder.path("log"))
        let client = try await ModelClient(Script(roles: [Role("any", turns: [Turn(content: "x")])]), options: options)
        let answer = try await client.complete(request([user("x")] + Self.broken[index].messages))
        #expect(answer.status == 400)
        #expect(answer.error?.contains(Self.broken[index].complaint) == true)
        #expect(client.server.statistics.violations == 1)
        let line = try JSONValue(parsing: String(folder.read("log").prefix { $0 != "\n" }))
        #expect(line["reply"]?.stringValue?.contains(Self.broken[index].complaint) == true)
        #expect(line["hash"]?.stringValue?.count == 16)
        #expect(line["time"] != nil)
    }

    @Test func `answered calls are accepted in any order, and an id may come again later`() async throws {
        let client = try await ModelClient(Script(roles: [Role("any", turns: [Turn(content: "x")])]))
        let messages = [
            user("x"), assistant(calls: "a", "b"), result("b"), result("a"), assistant(calls: "a"), result("a"),
            user("more"),
        ]
        #expect(try await client.complete(request(messages)).status == 200)
        #expect(client.server.statistics.violations == 0)
    }
}
