import Contracts
import Foundation
import Foundations
import Testing

@Suite struct RequestPropertyTests {
    /// Fields that may be null because they have a default or mean nothing.
    private static let required: Set<String> = [
        "repository", "repository.remote_url", "task", "task.id", "task.project_id", "task.company_id", "task.title",
        "repository.credentials.username", "repository.credentials.password", "repository.credentials.access_token",
        "repository.credentials.private_key", "repository.credentials.private_key_path",
        "repository.credentials.sealed",
    ]

    private static let kinds: [JSONValue] = [true, 17, "text", ["a"], ["a": 1]]

    /// Every field of `value` by its path; list entries count as fields, what is inside `task.context` does not.
    private static func fields(of value: JSONValue, below path: [String] = []) -> [(path: [String], value: JSONValue)] {
        if path == ["task", "context"] { return [] }
        let children: [(String, JSONValue)] =
            switch value {
            case .object(let members): members.map { ($0.key, $0.value) }
            case .array(let values): values.enumerated().map { ("\($0)", $1) }
            default: []
            }
        return children.flatMap { name, child in
            [(path + [name], child)] + fields(of: child, below: path + [name])
        }
    }

    /// `task.tags[0]` for `["task", "tags", "0"]`.
    private static func text(_ path: [String]) -> String {
        path.dropFirst().reduce(path[0]) { Int($1) == nil ? "\($0).\($1)" : "\($0)[\($1)]" }
    }

    @Test(arguments: Sample.credentials.map(\.name))
    func `each field refuses every other kind of JSON by its path`(_ name: String) throws {
        let request = try JSONValue(parsing: GoldenCase.file("task_request_\(name)"))
        for (path, value) in Self.fields(of: request) {
            let text = Self.text(path)
            for other in Self.kinds where other.kind != value.kind {
                let changed = request.setting(path.map { Substring($0) }[...], to: other)
                let error = #expect(throws: FieldError.self, "\(text) = \(other)") { try TaskRequest(changed) }
                #expect(error?.path == text, "\(text) = \(other)")
            }
        }
    }

    @Test(arguments: Sample.credentials.map(\.name))
    func `null counts as absent where a field is optional and as missing where it is not`(_ name: String) throws {
        let request = try JSONValue(parsing: GoldenCase.file("task_request_\(name)"))
        for (path, _) in Self.fields(of: request) {
            let text = Self.text(path)
            let changed = request.setting(path.map { Substring($0) }[...], to: .null)
            if path.last.flatMap({ Int($0) }) != nil {
                let error = #expect(throws: FieldError.self) { try TaskRequest(changed) }
                #expect(error?.description == "\(text): expected a string, got null")
            } else if Self.isRequired(text, name) {
                let error = #expect(throws: FieldError.self, "\(text)") { try TaskRequest(changed) }
                #expect(error?.reason.hasPrefix("missing") == true, "\(text)")
            } else {
                #expect(throws: Never.self, "\(text)") { try TaskRequest(changed) }
            }
        }
    }

    /// The user of an access token has a default.
    private static func isRequired(_ path: String, _ credentials: String) -> Bool {
        required.contains(path) && !(path.hasSuffix(".username") && credentials == "access_token")
    }

    @Test func `a request is the same after encoding and decoding`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<300 {
            let request = generator.request()
            let again = try TaskRequest(decoding: request.json.data())
            #expect(again == request, "seed \(seed), round \(round)")
            #expect(try again.json.data() == request.json.data(), "seed \(seed), round \(round)")
        }
    }

    @Test func `a result is the same after encoding and decoding`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<300 {
            let result = generator.result()
            #expect(try JSON.decode(from: JSON.encode(result)) == result, "seed \(seed), round \(round)")
        }
    }

    @Test func `any JSON is a request or is refused, and nothing crashes`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let request = try JSONValue(parsing: GoldenCase.file("task_request_private_key"))
        let paths = Self.fields(of: request).map { $0.path.map { Substring($0) }[...] }
        for round in 0..<1000 {
            let changed = request.setting(generator.element(of: paths), to: generator.json())
            switch Result(catching: { () throws(FieldError) in try TaskRequest(changed) }) {
            case .success(let accepted):
                #expect(try TaskRequest(accepted.json) == accepted, "seed \(seed), round \(round)")
            case .failure(let error):
                #expect(!error.path.isEmpty && !error.reason.isEmpty, "seed \(seed), round \(round)")
            }
        }
    }
}
