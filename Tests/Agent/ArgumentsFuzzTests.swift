import Foundation
import Foundations
import TestSupport
import Testing

@testable import Agent

/// Arguments that nobody wrote. `FUZZ_FACTOR=400` tries a million of them.
struct ArgumentsFuzzTests {
    private static let tools = ToolCatalogue(.coder).tools + [SubmitPlanTool()]
    private static let seeds: [(tool: String, arguments: JSONValue)] = [
        ("read_file", ["file_path": "src/a b.py", "start_line": "1", "end_line": -1]),
        ("write_file", ["file_path": "a", "content": ["name": "x", "list": [1, 2.5, "ä\n", nil, true]]]),
        ("edit_file", ["path": "a", "old_string": "x", "new_string": "'y'", "replaceAll": "True"]),
        ("run_shell_command", ["command": ["bash", "-lc", "echo \"$HOME\""], "timeout": "30"]),
        ("run_shell_command", ["arguments": "{\"command\": \"ls\", \"timeout\": 5}"]),
        ("update_todos", ["items": "[{\"text\": \"t\", \"status\": \"In Progress\"}]"]),
        ("submit_plan", ["goal": "g", "steps": "['a', \"b\"]", "estimated_steps": 2.0, "files_to_create": "a"]),
        ("record_discovery", ["content": "note", "tags": "one"]),
        ("finish", ["summary": 12, "commit_message": ["m"]]), ("find_files", ["glob": "*.swift"]),
    ]

    /// A written call: a seed as JSON or as Python writes it, packed and damaged.
    private static func written(_ fuzzer: inout Fuzzer, _ random: inout SeededNumbers) throws -> (String, any Tool) {
        let seed = seeds[Int.random(in: seeds.indices, using: &random)]
        let another = Int.random(in: 0..<4, using: &random) == 0
        let tool = another ? tools.randomElement(using: &random) : tools.first { $0.name == seed.tool }
        var text = try seed.arguments.text()
        if Int.random(in: 0..<4, using: &random) == 0 { text = text.replacing("\"", with: "'") }
        if Int.random(in: 0..<3, using: &random) > 0 {
            text = String(decoding: fuzzer.variant(of: Data(text.utf8)), as: UTF8.self)
        }
        return (try packed(text, &random), try #require(tool))
    }

    private static func packed(_ text: String, _ random: inout SeededNumbers) throws -> String {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return try JSONValue.string(text).text()
        case 1: return "```json\n\(text)\n```"
        case 2: return text + ["</tool_call>", "}", "\n", " done", ",", "<|x|>"][Int.random(in: 0..<6, using: &random)]
        case 3: return "{\"input\":\(text)}"
        default: return text
        }
    }

    @Test func `whatever is written is refused in words or fits the tool, and nothing is invented`() throws {
        var (fuzzer, random) = (Fuzzer(seed: 10), SeededNumbers(seed: 11))
        var taken = 0
        for _ in 0..<2_500 * Fuzzer.factor {
            let (text, tool) = try Self.written(&fuzzer, &random)
            do {
                let value = try ToolArguments(text, for: tool).value
                #expect(Self.fits(value, .object(tool.parameters)), "\(tool.name) \(text)")
                #expect(Self.invented(in: value, from: text).isEmpty, "\(tool.name) \(text)")
                taken += 1
            } catch {
                #expect((error as? ToolError)?.message.isEmpty == false, "\(error)")
            }
        }
        #expect(taken > 100 * Fuzzer.factor)
    }

    @Test func `what a strict reader takes and what fits is passed as it is`() throws {
        var random = SeededNumbers(seed: 12)
        for _ in 0..<2_000 * Fuzzer.factor {
            guard let tool = Self.tools.randomElement(using: &random) else { continue }
            let value = Self.value(of: .object(tool.parameters), &random)
            #expect(try ToolArguments(value.text(), for: tool).value == value)
        }
    }

    @Test func `the forgiving reader reads JSON as the strict one does, and cut JSON not at all`() throws {
        var (fuzzer, random) = (Fuzzer(seed: 13), SeededNumbers(seed: 14))
        for _ in 0..<1_000 * Fuzzer.factor {
            let seed = try Self.seeds.randomElement(using: &random)?.arguments.data() ?? Data()
            let bytes = fuzzer.variant(of: seed)
            guard let text = String(data: bytes, encoding: .utf8), let strict = try? JSONValue(parsing: text) else {
                continue
            }
            let forgiving = try NearlyJSON.parse(text)
            for layout in [WrittenValue.Layout.compact, .lines] {
                #expect(try JSONValue(parsing: forgiving.json(layout)) == strict, "\(text)")
            }
            let whole = text.trimmed.utf8
            guard let first = whole.first, "{[\"".utf8.contains(first),
                let end = whole.indices.randomElement(using: &random), let cut = String(whole[..<end])
            else { continue }
            #expect(throws: NearlyJSON.Failure.cut, "\(cut)") { try NearlyJSON.parse(cut) }
        }
    }

    // MARK: What is expected, written a second time

    private static func fits(_ value: JSONValue, _ kind: ToolParameter.Kind) -> Bool {
        switch (kind, value) {
        case (.text, .string), (.flag, .bool), (.integer, .int): true
        case (.integer, .double(let number)): Int(exactly: number) != nil
        case (.choice(let values), .string(let text)): values.contains(text)
        case (.list(let element), .array(let items)): items.allSatisfy { fits($0, element) }
        case (.object(let parameters), .object(let members)):
            members.keys.allSatisfy { key in parameters.contains { $0.name == key } }
                && parameters.allSatisfy { parameter in
                    members[parameter.name].map { fits($0, parameter.kind) } ?? !parameter.isRequired
                }
        default: false
        }
    }

    /// The characters of the result's texts that are neither in what was written nor a part of JSON, of quoting, or of
    /// a choice.
    private static func invented(in value: JSONValue, from text: String) -> Set<Unicode.Scalar> {
        var known = Set(text.unicodeScalars).union("{}[]\":, \n'\\truefalsn0123456789pending_rogdo".unicodeScalars)
        known.formUnion("\n\r\t\u{8}\u{C}/abcdefux".unicodeScalars)
        // Escapes of the written text, at whatever depth.
        let codes = text.matches(of: /u([0-9a-fA-F]{4})/).compactMap { UInt16($0.1, radix: 16) }
        for (index, code) in codes.enumerated() {
            if let scalar = Unicode.Scalar(code) { known.insert(scalar) }
            guard index + 1 < codes.count else { continue }
            known.formUnion(String(decoding: [code, codes[index + 1]], as: UTF16.self).unicodeScalars)
        }
        return texts(of: value).subtracting(known)
    }

    private static func texts(of value: JSONValue) -> Set<Unicode.Scalar> {
        switch value {
        case .string(let text): Set(text.unicodeScalars)
        case .array(let items): items.reduce(into: []) { $0.formUnion(texts(of: $1)) }
        case .object(let members): members.values.reduce(into: []) { $0.formUnion(texts(of: $1)) }
        default: []
        }
    }

    private static func value(of kind: ToolParameter.Kind, _ random: inout SeededNumbers) -> JSONValue {
        switch kind {
        case .text:
            let parts = [
                "", "null", "True", "1", "{\"a\":", "[", "']", "\\", "\"", "\u{0}", "ä\r\n", "</tool_call>", "```",
            ]
            let count = Int.random(in: 0...4, using: &random)
            return .string((0..<count).compactMap { _ in parts.randomElement(using: &random) }.joined())
        case .integer: return .int(Int.random(in: .min ... .max, using: &random))
        case .flag: return .bool(Bool.random(using: &random))
        case .choice(let values): return .string(values.randomElement(using: &random) ?? "")
        case .list(let element):
            return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(of: element, &random) })
        case .object(let parameters):
            var members: [String: JSONValue] = [:]
            for parameter in parameters where parameter.isRequired || Bool.random(using: &random) {
                members[parameter.name] = value(of: parameter.kind, &random)
            }
            return .object(members)
        }
    }
}
