import Foundations
import Testing

@testable import LanguageModels

@Suite struct CallAssemblyTests {
    /// A piece of a call: number, id, name and arguments, as far as they are given.
    private static func piece(
        _ index: Int?, _ id: String? = nil, _ name: String? = nil, _ arguments: JSONValue? = nil
    ) -> JSONValue {
        var (members, function) = ([String: JSONValue](), [String: JSONValue]())
        members["index"] = index.map { .int($0) }
        members["id"] = id.map { .string($0) }
        function["name"] = name.map { .string($0) }
        function["arguments"] = arguments
        members["function"] = .object(function)
        return .object(members)
    }

    private static let one = "{\"f\":1}", two = "{\"f\":2}"

    /// Pieces, and the calls that they are: name and arguments.
    static let cases: [(String, [JSONValue], [[String]])] = [
        (
            "a new number is a new call",
            [
                piece(0, "a", "look", "{\"f\":"), piece(1, "b", "look", "{\"f\":2"),
                piece(0, nil, nil, "1}"), piece(1, nil, nil, "}"),
            ], [["look", one], ["look", two]]
        ),
        (
            "a number as text",
            [
                ["index": "0", "id": "a", "function": ["name": "look"]],
                ["index": "0", "function": ["arguments": .string(one)]],
            ], [["look", one]]
        ),
        (
            "numbers all 0, ids of their own",
            [piece(0, "a", "look", .string(one)), piece(0, "b", "look", .string(two))],
            [["look", one], ["look", two]]
        ),
        (
            "heads all 0 with ids of their own",
            [
                piece(0, "a", "look", ""), piece(0, nil, nil, .string(one)),
                piece(0, "b", "look", ""), piece(0, nil, nil, .string(two)),
            ], [["look", one], ["look", two]]
        ),
        (
            "heads all 0 without ids",
            [
                piece(0, nil, "look", ""), piece(0, nil, nil, .string(one)),
                piece(0, nil, "look", ""), piece(0, nil, nil, "{\"f\":"), piece(0, nil, nil, "2}"),
            ],
            [["look", one], ["look", two]]
        ),
        (
            "all calls again",
            [
                piece(nil, nil, "look", .string(one)), piece(nil, nil, "list", .string(two)),
                piece(nil, nil, "look", "{ \"f\": 1 }"), piece(nil, nil, "list", .string(two)),
            ], [["look", one], ["list", two]]
        ),
        (
            "the same call twice, with ids",
            [piece(0, "a", "look", .string(one)), piece(0, "b", "look", .string(one))],
            [["look", one], ["look", one]]
        ),
        (
            "by id, without numbers",
            [
                piece(nil, "a", "look", ""), piece(nil, "b", "look", ""),
                piece(nil, "b", nil, .string(two)), piece(nil, "a", nil, .string(one)),
            ], [["look", one], ["look", two]]
        ),
        (
            "by order, without anything",
            [
                piece(nil, nil, "look", "{\"f\""), piece(nil, nil, nil, ":1}"),
                piece(nil, nil, "list", .string(two)),
            ], [["look", one], ["list", two]]
        ),
        (
            "objects for texts", [piece(nil, nil, "look", ["f": 1]), piece(nil, nil, "look", ["f": 2])],
            [["look", one], ["look", two]]
        ),
        (
            "one id for all", [piece(nil, "x", "look", .string(one)), piece(nil, "x", "look", .string(two))],
            [["look", one], ["look", two]]
        ),
        (
            "a call repeated with its id", [piece(0, "a", "look", .string(one)), piece(0, "a", "look", .string(one))],
            [["look", one]]
        ),
        (
            "a new id in each piece", [piece(0, "a", "look"), piece(0, "b", nil, "{\"f\""), piece(0, "c", nil, ":1}")],
            [["look", one]]
        ),
        (
            "a new id and the name in each piece",
            [
                piece(0, "a", "look", ""), piece(0, "b", "look", "{\"f\""),
                piece(0, "c", "look", ":1}"), piece(0, "d", "look", ""),
            ], [["look", one]]
        ),
        (
            "a name in each piece",
            [
                piece(nil, nil, "look", "{\"f\""), piece(nil, nil, "look", ":1}"),
                piece(nil, nil, "look", ""),
            ], [["look", one]]
        ),
        (
            "a name in pieces", [piece(0, "a", "fi", ""), piece(0, nil, "ni"), piece(0, nil, "sh", .string(one))],
            [["finish", one]]
        ),
        (
            "a name in pieces with ids", [piece(0, "a", "fini", ""), piece(0, "a", "sh", .string(one))],
            [["finish", one]]
        ),
        ("a name that grows", [piece(0, "a", "fini", ""), piece(0, "a", "finish", .string(one))], [["finish", one]]),
        (
            "a name nobody knows, in pieces",
            [
                piece(0, "a", "func.", ""), piece(0, nil, "x:0"),
                piece(0, nil, nil, .string(one)),
            ], [["func.x:0", one]]
        ),
        (
            "a name that comes last", [piece(0, "a"), piece(0, "a", nil, .string(one)), piece(0, "a", "look")],
            [["look", one]]
        ),
        ("no arguments", [piece(0, nil, "look", ""), piece(0, nil, "list", nil)], [["look", "{}"], ["list", "{}"]]),
        (
            "a number that comes late", [piece(nil, "a", "look", ""), piece(0, nil, nil, .string(one))],
            [["look", one]]
        ),
        (
            "empty pieces",
            [[:], piece(0), piece(0, "", "", ""), piece(0, "a", "look", .string(one)), 7, nil, piece(0)],
            [["look", one]]
        ),
        (
            "an empty object before the arguments",
            [piece(0, "a", "look", "{}"), piece(0, nil, nil, "{\"f\":"), piece(0, nil, nil, "1}")], [["look", one]]
        ),
        (
            "the whole arguments again without a name",
            [piece(0, "a", "look", ""), piece(0, nil, nil, .string(one)), piece(0, nil, nil, .string(one))],
            [["look", one]]
        ),
        (
            "the next call's arguments, which are the same",
            [piece(nil, "a", "look", .string(one)), piece(nil, "b", "list", ""), piece(nil, nil, nil, .string(one))],
            [["look", one], ["list", one]]
        ),
        (
            "numbers from 1", [piece(1, "a", "look", .string(one)), piece(2, "b", "list", .string(two))],
            [["look", one], ["list", two]]
        ),
        (
            "an id that is a number",
            [["index": 0, "id": 7, "function": ["name": "look"]], piece(0, nil, nil, .string(one))], [["look", one]]
        ),
        ("another word for arguments", [["function": ["name": "look", "parameters": ["f": 1]]]], [["look", one]]),
        ("without the level of function", [["id": "a", "name": "look", "arguments": ["f": 1]]], [["look", one]]),
    ]

    @Test(arguments: cases)
    func `pieces become the calls that were meant`(_ what: String, _ pieces: [JSONValue], _ calls: [[String]]) throws {
        let read = try ReplyText.calls(pieces)
        #expect(read.map { [$0.name, $0.arguments] } == calls, "\(what)")
        #expect(Set(read.map(\.id)).subtracting([""]).count == calls.count)
    }

    @Test func `a call of the old form is one`() throws {
        let reply = try ReplyText.read(deltas: [
            ["function_call": ["name": "look", "arguments": ""]],
            ["tool_calls": [], "function_call": ["arguments": .string(Self.one)]],
        ])
        #expect(reply.message.toolCalls.map { [$0.name, $0.arguments] } == [["look", Self.one]])
    }

    @Test func `calls of a whole message are as many as it lists`() throws {
        let calls: JSONValue = .array(["{}", "{\"f\":1}", ""].map { Self.piece(nil, nil, "look", .string($0)) })
        let text = try JSONValue.object(["choices": [["message": ["tool_calls": calls]]]]).text()
        #expect(try ReplyText.read(text).message.toolCalls.map(\.arguments) == ["{}", "{\"f\":1}", "{}"])
    }
}
