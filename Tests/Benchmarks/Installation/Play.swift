import Foundations

/// What the model plays in benchmarks. The model that a task names chooses the part.
enum Play {
    /// Reads a file, writes it, finishes.
    static let small = "small"
    /// Reads one file after the other.
    static let reads = "reads"
    /// Writes one file after the other.
    static let writes = "writes"
    /// As ``reads``, but thinks before each answer.
    static let thinks = "thinks"

    /// The path of a file of ``files(_:)``.
    static func path(_ number: Int) -> String { "part\(number % 40)/file\(number).txt" }

    /// Files of twenty lines; ``small`` needs one, the others one for each turn.
    static func files(_ count: Int) -> [String: String] {
        let lines = { (file: Int) in (0..<20).map { "line \($0) of file \(file)\n" }.joined() }
        return Dictionary(uniqueKeysWithValues: (0..<count).map { (path($0), lines($0)) })
    }

    /// - Parameters:
    ///   - turns: How many turns the longer parts have before their last.
    ///   - thinking: How long ``thinks`` takes for an answer, in milliseconds.
    static func script(turns: Int = 1, thinking: Int = 0) -> JSONValue {
        let reading = (0..<turns).map(read)
        return [
            "roles": [
                ["name": "planner", "when": ["tools": ["submit_plan"]], "turns": [plan]],
                coder(small, [read(0), write(0), finish]),
                coder(reads, reading + [write(0), finish]),
                coder(writes, (0..<turns).map(write) + [finish]),
                coder(thinks, (reading + [write(0), finish]).map { later($0, by: thinking) }),
            ]
        ]
    }

    private static func coder(_ model: String, _ turns: [JSONValue]) -> JSONValue {
        [
            "name": .string(model), "when": ["tools": ["finish"], "model": .string(model)], "after": "error",
            "turns": .array(turns),
        ]
    }

    private static let plan = call(
        "submit_plan",
        ["goal": "Change the file", "steps": ["Change it"], "files_to_modify": [.string(path(0))]])

    private static let finish = call("finish", ["summary": "Changed."])

    private static func read(_ number: Int) -> JSONValue { call("read_file", ["file_path": .string(path(number))]) }

    private static func write(_ number: Int) -> JSONValue {
        call("write_file", ["file_path": .string(path(number)), "content": .string("change \(number)\n")])
    }

    private static func call(_ tool: String, _ arguments: JSONValue) -> JSONValue {
        ["tool_calls": [["name": .string(tool), "arguments": arguments]]]
    }

    private static func later(_ turn: JSONValue, by milliseconds: Int) -> JSONValue {
        .object((turn.objectValue ?? [:]).merging(["latency_ms": .int(milliseconds)]) { $1 })
    }
}
