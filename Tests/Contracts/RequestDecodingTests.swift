import Contracts
import Foundation
import Foundations
import Testing

@Suite struct RequestDecodingTests {
    /// A request with `changes` laid over the minimal one, by path.
    private static func request(_ changes: [String: JSONValue?]) throws -> JSONValue {
        var json = try JSONValue(parsing: GoldenCase.file("task_request_minimal"))
        for (path, value) in changes { json = json.setting(path.split(separator: ".")[...], to: value) }
        return json
    }

    private static func fault(_ changes: [String: JSONValue?]) throws -> String {
        let json = try request(changes)
        let error = #expect(throws: FieldError.self) { try TaskRequest(json) }
        return error?.description ?? "none"
    }

    @Test(
        arguments: [
            ("repository", nil, "repository: missing"),
            ("repository", 1, "repository: expected an object, got a number"),
            ("repository.remote_url", nil, "repository.remote_url: missing"),
            ("repository.remote_url", .null, "repository.remote_url: missing"),
            ("repository.remote_url", "", "repository.remote_url: empty"),
            ("repository.remote_url", true, "repository.remote_url: expected a string, got true or false"),
            (
                "repository.remote_url", "-upload-pack=x",
                "repository.remote_url: holds white space, a control character or a leading dash"
            ),
            (
                "repository.remote_url", "https://host/a\r\nb",
                "repository.remote_url: holds white space, a control character or a leading dash"
            ),
            (
                "repository.remote_url", "https://ann:pw@host/a",
                "repository.remote_url: must not hold a password: it belongs into credentials"
            ),
            (
                "repository.remote_url", "HTTPS://ann%3Apw@host/a",
                "repository.remote_url: must not hold a password: it belongs into credentials"
            ),
            (
                "repository.remote_url", "ssh://git:pw@host/a",
                "repository.remote_url: must not hold a password: it belongs into credentials"
            ),
            (
                "repository.remote_url", "https://ghp_abcdef@host/a",
                "repository.remote_url: holds what looks like a token in place of a user: it belongs into credentials"
            ),
            (
                "repository.remote_url", "https://q7zk2lmwx4n5vhpt3bq6rs@dev.azure.com/a",
                "repository.remote_url: holds what looks like a token in place of a user: it belongs into credentials"
            ),
            (
                "repository.remote_url", "https://glpat-aB3@gitlab.com/acme/a",
                "repository.remote_url: holds what looks like a token in place of a user: it belongs into credentials"
            ),
            ("delivery.webhook_url", "http://ann@host", "delivery.webhook_url: must not hold a user or password"),
            ("repository.branch", "", "repository.branch: empty"),
            ("repository.credentials", [], "repository.credentials: expected an object, got a list"),
            (
                "repository.credentials.credential_type", "password",
                "repository.credentials.credential_type: expected one of username_password, key_cert, access_token, none, "
                    + "sealed"
            ),
            (
                "repository.credentials.credential_type", 7,
                "repository.credentials.credential_type: expected a string, got a number"
            ),
            ("task", nil, "task: missing"),
            ("task.id", nil, "task.id: missing"),
            ("task.id", "a.b", "task.id: expected [A-Za-z0-9_-]{1,64}"),
            ("task.company_id", "acme>", "task.company_id: expected [A-Za-z0-9_-]{1,64}"),
            ("task.project_id", "*", "task.project_id: expected [A-Za-z0-9_-]{1,64}"),
            ("task.title", "", "task.title: empty"),
            ("task.title", "a\u{0}b", "task.title: holds a NUL byte"),
            ("task.title", .string(String(repeating: "ä", count: 513)), "task.title: longer than 1024 bytes"),
            ("task.priority", 17, "task.priority: expected 1…10"),
            ("task.priority", 0, "task.priority: expected 1…10"),
            ("task.priority", 2.5, "task.priority: expected a whole number, got a number"),
            ("task.priority", "urgent", "task.priority: expected 1…10 or critical, high, normal, low"),
            ("task.requirements", "one", "task.requirements: expected a list, got a string"),
            ("task.requirements", ["one", 2], "task.requirements[1]: expected a string, got a number"),
            ("task.requirements", ["a\u{0}"], "task.requirements[0]: holds a NUL byte"),
            ("task.tags", .array(Array(repeating: "t", count: 1001)), "task.tags: more than 1000 entries"),
            ("task.dependencies", ["ok", "no/good"], "task.dependencies[1]: expected [A-Za-z0-9_-]{1,64}"),
            ("task.context", ["a": ["b\u{0}": 1]], "task.context: holds a NUL byte"),
            ("agent.mode", "swarm", "agent.mode: expected one of single, team"),
            ("agent.max_iterations", 0, "agent.max_iterations: expected 1…10000"),
            ("agent.max_cost_usd", -0.5, "agent.max_cost_usd: expected 0.0…1000000.0"),
            ("agent.max_cost_usd", "2", "agent.max_cost_usd: expected a number, got a string"),
            ("validation.timeout_seconds", 86_401, "validation.timeout_seconds: expected 1…86400"),
            ("validation.max_repair_rounds", -1, "validation.max_repair_rounds: expected 0…20"),
            (
                "validation.require_tests", "yes",
                "validation.require_tests: expected true or false, got a string"
            ),
            ("validation.write", "yes", "validation.write: expected true or false, got a string"),
            ("delivery.push", "yes", "delivery.push: expected true or false, got a string"),
            ("delivery.push", 1, "delivery.push: expected true or false, got a number"),
            ("delivery.approval", "all", "delivery.approval: expected one of none, plan, push"),
            ("delivery.author", "ada@corp.example", "delivery.author: \(CommitIdentity.form)"),
            ("delivery.webhook_url", "ftp://host", "delivery.webhook_url: expected an http or https URL"),
            ("delivery.webhook_url", "http://a:b@host", "delivery.webhook_url: must not hold a user or password"),
            ("timeout_seconds", 2_592_001, "timeout_seconds: expected 1…2592000"),
        ] as [(String, JSONValue?, String)])
    func `a bad field is refused by its path`(_ path: String, _ value: JSONValue?, _ expected: String) throws {
        #expect(try Self.fault([path: value]) == expected)
    }

    @Test(arguments: [
        "https://contoso@dev.azure.com/contoso/My%20Project/_git/web",
        "https://x-token-auth@bitbucket.org/acme/web.git",
        "https://ada.lovelace%40corp.example@bitbucket.org/acme/web.git", "ssh://git@host:2222/a", "git@host:a/b.git",
        "https://my-rather-long-organisation-no-7@dev.azure.com/x/_git/y", "https://ada@git.example.com:8443/a",
        "https://fabrikamfiberdivision01@dev.azure.com/fabrikamfiberdivision01/web/_git/web",
        "https://bob-at-123456789012@git-codecommit.us-east-1.amazonaws.com/v1/repos/web",
        "https://oauth2@gitlab.com/acme/web.git", "https://x-access-token@github.com/acme/web.git",
    ])
    func `an address may name a user`(_ url: String) throws {
        #expect(try TaskRequest(try Self.request(["repository.remote_url": .string(url)])).repository.remoteURL == url)
    }

    @Test(
        arguments: [
            (["credential_type": "username_password"], "username: missing"),
            (["credential_type": "username_password", "username": "ann", "password": ""], "password: empty"),
            (["credential_type": "access_token"], "access_token: missing"),
            (["credential_type": "key_cert"], "private_key: missing (or private_key_path)"),
            (
                ["credential_type": "key_cert", "private_key": "", "private_key_path": ""],
                "private_key: missing (or private_key_path)"
            ),
            (["credential_type": "sealed"], "sealed: missing"),
            (["credential_type": "none", "username": 5], "username: expected a string, got a number"),
        ] as [(JSONValue, String)])
    func `credentials must hold what their type needs`(_ credentials: JSONValue, _ expected: String) throws {
        #expect(try Self.fault(["repository.credentials": credentials]) == "repository.credentials.\(expected)")
    }

    @Test(arguments: [
        ("", "not JSON at byte 0"), ("{", "not JSON at byte 1"), ("hello", "not JSON at byte 0"),
        ("\u{FEFF}", "not JSON at byte 3"), ("\u{FEFF}{\"task\": [1,]}", "not JSON at byte 15"),
        ("{\"task\": {\"id\": \"a\"},}", "not JSON at byte 21"), ("{}\u{FEFF}", "not JSON at byte 2"),
        ("{\"task\": \"\\ud800\"}", "not JSON at byte 16"),
        (String(repeating: "[", count: 100_000), "not JSON at byte 512"), ("\u{FEFF}{}", "repository: missing"),
        ("[]", "expected an object, got a list"), ("null", "expected an object, got null"),
        ("\"task\"", "expected an object, got a string"), ("17", "expected an object, got a number"),
        ("{}", "repository: missing"),
    ])
    func `a body that is no request is refused`(_ body: String, _ expected: String) {
        let error = #expect(throws: FieldError.self) { try TaskRequest(decoding: Data(body.utf8)) }
        #expect(error?.description == expected)
    }

    @Test func `bytes that are no text and bodies that are too large are refused`() {
        let bad = #expect(throws: FieldError.self) { try TaskRequest(decoding: Data([0xFF, 0xFE, 0x00, 0xC3])) }
        #expect(bad?.description == "not JSON at byte 0")
        let large = #expect(throws: FieldError.self) { try TaskRequest(decoding: Data(count: (512 << 10) + 1)) }
        #expect(large?.description == "larger than 524288 bytes")
    }

    @Test func `unknown fields pass at every level`() throws {
        var changes: [String: JSONValue?] = ["later": ["a": [1]]]
        for parent in ["agent", "repository", "repository.credentials", "task", "validation", "delivery"] {
            changes["\(parent).later"] = .some(["x": nil])
        }
        #expect(try TaskRequest(Self.request(changes)) == Sample.minimalRequest)
    }

    @Test(arguments: [("critical", 1), ("high", 3), ("normal", 5), ("low", 8)])
    func `a priority may be a name`(_ name: String, _ expected: Int) throws {
        #expect(try TaskRequest(Self.request(["task.priority": .string(name)])).task.priority == expected)
    }

    @Test(arguments: [
        "https://host/a", "http://host:8080/a@b", "ssh://git@host:22/a", "git@host:a/b.git", "/srv/git/a.git",
        "file:///srv/git/a.git",
    ])
    func `an ordinary remote passes`(_ url: String) throws {
        #expect(try TaskRequest(Self.request(["repository.remote_url": .string(url)])).repository.remoteURL == url)
    }

    @Test func `whole numbers may be written as decimals`() throws {
        #expect(try TaskRequest(Self.request(["task.priority": 3.0])).task.priority == 3)
    }

    @Test(.timeLimit(.minutes(1)))
    func `the largest request decodes quickly and deep nesting is survived`() throws {
        let numbers = String(repeating: "1,", count: 200_000) + "1"
        let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
        let body = """
            {"repository": {"remote_url": "https://host/a"}, "task": {"id": "a", "project_id": "b", "company_id": "c",
            "title": "d", "context": {"numbers": [\(numbers)], "deep": \(deep)}}}
            """
        let start = ContinuousClock.now
        _ = try TaskRequest(decoding: Data(body.utf8))
        #expect(ContinuousClock.now - start < .seconds(5), "took \(ContinuousClock.now - start)")
    }
}

extension JSONValue {
    /// This object with the member at `path` replaced, or removed where `value` is `nil`.
    func setting(_ path: ArraySlice<Substring>, to value: JSONValue?) -> JSONValue {
        guard let name = path.first.map(String.init) else { return value ?? .null }
        if let index = Int(name), case .array(var values) = self {
            values[index] = values[index].setting(path.dropFirst(), to: value)
            return .array(values)
        }
        var members = objectValue ?? [:]
        if path.count == 1 {
            members[name] = value
        } else {
            members[name] = (members[name] ?? [:]).setting(path.dropFirst(), to: value)
        }
        return .object(members)
    }
}
