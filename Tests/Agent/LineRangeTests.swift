import Agent
import Foundations
import Testing

@Suite(.timeLimit(.minutes(1)))
struct LineRangeTests {
    @Test(
        arguments: [
            (nil, nil, 1...9), (1, -1, 1...9), (1, 0, 1...9), (0, nil, 1...9), (0, 3, 1...3), (2, 4, 2...4),
            (9, 9, 9...9),
            (4, 1000, 4...9), (nil, Int.max, 1...9),
        ] as [(Int?, Int?, ClosedRange<Int>)])
    func `what other tools call the beginning and the end is understood`(
        start: Int?, end: Int?, lines: ClosedRange<Int>
    ) throws {
        #expect(try LineRange(start: start, end: end, count: 9).lines == lines)
    }

    @Test(
        arguments: [
            (10, nil, "has 9 lines"), (5, 4, "before start_line"), (-2, nil, "counted from 1"),
            (1, -2, "or -1 for the end"),
            (Int.min, Int.min, "counted from 1"),
        ] as [(Int, Int?, String)])
    func `what is no line is told in words`(start: Int, end: Int?, words: String) {
        let error = #expect(throws: ToolError.self) { try LineRange(start: start, end: end, count: 9) }
        #expect(error?.message.contains(words) == true)
        #expect(throws: ToolError.self) { try LineRange(start: nil, end: nil, count: 0) }
    }

    @Test(arguments: ["-1", "0", "\"-1\"", "null", "99"])
    func `a file is read to its end`(end: String) async throws {
        try await AgentFixture.with { fixture in
            try fixture.put("file", "one\ntwo\n")
            let arguments = try JSONValue(parsing: "{\"file_path\":\"file\",\"start_line\":1,\"end_line\":\(end)}")
            let result = try await fixture.call("read_file", arguments)
            #expect(result.content == "1\tone\n2\ttwo")
        }
    }
}
