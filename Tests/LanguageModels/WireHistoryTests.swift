import Foundations
import TestSupport
import Testing

@testable import LanguageModels

@Suite(.timeLimit(.minutes(1))) struct WireHistoryTests {
    private static let here = ReplyOrigin.text(baseURL: "http://a/v1", model: "m")

    private func body(
        _ messages: [ChatMessage], _ profile: ProviderProfile = .init(), origin: String = WireHistoryTests.here
    ) -> JSONValue {
        let tools = ["read_file", "finish"].map {
            ToolDefinition(
                name: $0, description: "Does.",
                parameters: [
                    "type": "object", "additionalProperties": false,
                    "properties": ["additionalProperties": ["type": "object", "additionalProperties": true]],
                ])
        }
        return CompletionRequest(
            request: ChatRequest(model: "m", messages: messages, tools: tools), profile: profile, origin: origin
        ).body
    }

    private func turn(_ content: String? = nil, name: String = "read_file", id: String = "a") -> [ChatMessage] {
        [
            .assistant(content, toolCalls: [ToolCall(id: id, name: name, arguments: "{}")]),
            .tool("done", answering: id),
        ]
    }

    private func messages(_ body: JSONValue) -> [JSONValue] { body["messages"]?.arrayValue ?? [] }

    @Test(
        arguments: [
            ("read_file<|channel|>commentary", "read_file"), ("functions.read_file:0", "read_file"),
            ("repo_browser.open_file", "repo_browser_open_file"), ("repo_browser.read_file", "read_file"),
            ("read_file", "read_file"), ("", "unknown_tool"), ("<|x|>", "unknown_tool"), ("read file!", "read_file_"),
            ("größe", "gr____e"), ("functions.other:12", "other"), ("read_file:0", "read_file"),
            (String(repeating: "n", count: 90), String(repeating: "n", count: 64)),
            ("default_api:read_file", "read_file"), ("to=functions.read_file", "read_file"),
            ("mcp/read_file", "read_file"),
            ("read_file<|constrain|>json", "read_file"), ("read_file\n", "read_file"), ("9lives", "_9lives"),
            ("-x", "_-x"),
        ] as [(String, String)])
    func `names are cleaned, to the tool that was meant where that is clear`(_ name: String, _ clean: String) {
        #expect(WireNames.clean(name, tools: ["read_file"]) == clean)
        let sent = messages(body(turn(name: name)))[0]["tool_calls"]?.arrayValue?[0]["function"]?["name"]?.stringValue
        #expect(sent.map(WireNames.isTaken) == true)
    }

    @Test func `ids take the form that is asked for, the same in every request, and results follow`() {
        let odd = "functions.read_file:0"
        let long = String(repeating: "x", count: 41)
        let history = turn(id: odd) + turn(id: long) + turn(id: "call_fine")
        for (form, kept) in [(WireIDs.Form.strict, ["call_fine"]), (.lenient, [odd, "call_fine"]), (.nine, [])] {
            var profile = ProviderProfile()
            profile.idForm = form
            let sent = messages(body(history, profile))
            let calls = sent.compactMap { $0["tool_calls"]?.arrayValue?[0]["id"]?.stringValue }
            let results = sent.compactMap { $0["tool_call_id"]?.stringValue }
            #expect(calls == results)
            #expect(Set(calls).count == 3)
            #expect(calls.allSatisfy(form.takes))
            #expect(kept.allSatisfy(calls.contains))
            // A later request, with more behind, sends the same.
            let later = messages(body(history + turn(id: "another one"), profile))
            #expect(later.compactMap { $0["tool_calls"]?.arrayValue?[0]["id"]?.stringValue }.prefix(3) == calls[...])
        }
    }

    @Test func `a blank text beside calls is none, and no other text is blank`() {
        for blank in ["", "\n\n", " \t"] {
            #expect(messages(body(turn(blank)))[0]["content"] == .some(.null))
            #expect(messages(body([.user(blank)]))[0]["content"] == ".")
            #expect(messages(body([.assistant(blank)]))[0]["content"] == ".")
        }
        var profile = ProviderProfile()
        for (form, content) in [(ProviderProfile.EmptyText.empty, JSONValue?.some("")), (.absent, nil), (.dot, ".")] {
            profile.emptyText = form
            #expect(messages(body(turn(""), profile))[0]["content"] == content)
        }
    }

    @Test func `no message of the user follows a tool's where that is refused`() {
        var profile = ProviderProfile()
        profile.order = .bridged
        let sent = messages(body([.system("s"), .user("task")] + turn() + [.user("note")], profile))
        #expect(
            sent.compactMap { $0["role"]?.stringValue } == ["system", "user", "assistant", "tool", "assistant", "user"])
        let usual = messages(body([.system("s"), .user("task")] + turn() + [.user("note")]))
        #expect(usual.count == 5)
    }

    @Test func `nobody speaks twice in a row where roles must alternate`() {
        var profile = ProviderProfile()
        profile.order = .alternating
        let sent = messages(
            body(
                [.system("s"), .user("a"), .user("b"), .assistant("c")] + turn("d") + [.user("e"), .user("f")], profile)
        )
        #expect(
            sent.compactMap { $0["content"]?.stringValue } == ["s", "a\n\nb", "c\n\nd", "done", "Noted.", "e\n\nf"])
    }

    @Test func `instructions move to where a server takes them`() {
        var profile = ProviderProfile()
        profile.systemRole = .developer
        #expect(messages(body([.system("s"), .user("u")], profile))[0]["role"] == "developer")
        profile.systemRole = .user
        let sent = messages(body([.system("s"), .user("u")], profile))
        #expect(sent == [["role": "user", "content": "s\n\nu"]])
    }

    @Test func `what came with a message goes back as it came, to where it came from alone`() {
        let call = ToolCall(
            id: "a", name: "read_file", arguments: "{}",
            extras: ["extra_content": ["google": ["thought_signature": "sig"]], "function": ["strict": true]])
        var message = ChatMessage.assistant(nil, toolCalls: [call])
        message.extras = ["reasoning_content": "Hm.", "reasoning_details": [["type": "x", "data": "…", "index": 0]]]
        message.origin = Self.here
        let sent = messages(body([message, .tool("done", answering: "a")]))[0]
        #expect(sent["reasoning_content"] == "Hm.")
        #expect(sent["reasoning_details"] == message.extras["reasoning_details"])
        #expect(sent["tool_calls"]?.arrayValue?[0]["extra_content"] == call.extras["extra_content"])
        #expect(
            sent["tool_calls"]?.arrayValue?[0]["function"] == ["name": "read_file", "arguments": "{}", "strict": true])
        let elsewhere = messages(body([message, .tool("done", answering: "a")], origin: "http://b m"))[0]
        #expect(Set(elsewhere.objectValue?.keys ?? [:].keys) == ["role", "content", "tool_calls"])
        #expect(elsewhere["tool_calls"]?.arrayValue?[0]["extra_content"] == nil)
    }

    @Test func `members that are refused stay away, and those that are needed are there`() {
        var message = turn()[0]
        (message.extras, message.origin) = (["reasoning_content": "Hm."], Self.here)
        var profile = ProviderProfile()
        profile.omittedMembers = ["reasoning_content"]
        #expect(messages(body([message], profile))[0]["reasoning_content"] == nil)
        profile = ProviderProfile()
        profile.neededMembers = ["reasoning_content": ""]
        profile.needsSignatures = true
        let sent = messages(body([message] + turn(), profile))
        #expect(sent[0]["reasoning_content"] == "Hm.")
        #expect(sent[1]["reasoning_content"] == "")
        #expect(sent[1]["tool_calls"]?.arrayValue?[0]["extra_content"] == WireHistory.anySignature)
    }

    @Test func `a member of a call that is refused stays away, at whatever level it came`() {
        var message = turn()[0]
        message.toolCalls[0].extras = ["sig": "s", "function": ["sig": "s", "other": 1]]
        message.origin = Self.here
        var profile = ProviderProfile()
        profile.omittedMembers = ["sig"]
        let call = messages(body([message], profile))[0]["tool_calls"]?.arrayValue?[0]
        #expect(call?["sig"] == nil)
        #expect(call?["function"] == ["name": "read_file", "arguments": "{}", "other": 1])
    }

    @Test func `each call has a message of its own where a model takes no more`() {
        var profile = ProviderProfile()
        profile.callsComeSingly = true
        let calls = ["a", "b"].map { ToolCall(id: $0, name: "read_file", arguments: "{}") }
        let history: [ChatMessage] = [
            .assistant("Both.", toolCalls: calls), .tool("2", answering: "b"), .tool("1", answering: "a"), .user("u"),
        ]
        let sent = WireHistory(profile: profile, origin: "o", tools: ["read_file"]).messages(history)
        #expect(PairingCheck.violations(in: sent).isEmpty)
        #expect(sent.map(\.content) == ["Both.", "1", nil, "2", "u"])
        #expect(sent.map { $0.toolCalls.map(\.id) } == [["a"], [], ["b"], [], []])
    }

    @Test func `no text stands beside calls where that is refused`() {
        var profile = ProviderProfile()
        profile.callsStandAlone = true
        let sent = messages(body(turn("Let me look.") + [.assistant("Done.")], profile))
        #expect(sent[0]["content"] == .some(.null))
        #expect(sent[1]["content"] == "done")
        #expect(sent[2]["content"] == "Done.")
    }

    @Test(arguments: [
        ("http://me:hunter2@gpu:11434/v1", "http://gpu:11434/v1"), ("https://a/v1", "https://a/v1"),
        ("https://a/v1/@x", "https://a/v1/@x"), ("no address", "no address"),
    ])
    func `an origin holds no password`(_ url: String, _ address: String) {
        #expect(ReplyOrigin.address(of: url) == address)
        #expect(ReplyOrigin.text(baseURL: url, model: "m") == "\(address) m")
    }

    @Test func `words of schemas are left out, names of properties are not`() {
        let profile = ProviderProfile(baseURL: "https://openrouter.ai/api/v1", model: "google/gemini-3-pro")
        let parameters = body([.user("u")], profile)["tools"]?.arrayValue?[0]["function"]?["parameters"]
        #expect(parameters == ["type": "object", "properties": ["additionalProperties": ["type": "object"]]])
        let none = CompletionRequest(request: ChatRequest(model: "m", messages: [.user("u")])).body
        #expect(none["tools"] == nil)
    }

    @Test(arguments: [
        ("https://api.mistral.ai/v1", "x", WireIDs.Form.nine), ("http://gpu:8000/v1", "Devstral-Small", .nine),
        ("https://api.moonshot.ai/v1", "kimi-k2.5", .lenient), ("https://api.openai.com/v1", "gpt-5", .strict),
        ("https://openrouter.ai/api/v1", "mistralai/mistral-large", .nine),
        ("https://openrouter.ai/api/v1", "anthropic/claude-opus-4.5", .strict),
        ("https://mistral.ai.example.org/v1", "x", .strict),
    ])
    func `a row is chosen by host and by the model's family`(_ url: String, _ model: String, _ form: WireIDs.Form) {
        #expect(ProviderProfile(baseURL: url, model: model).idForm == form)
    }

    @Test func `a gateway's row and a family's hold together`() {
        let profile = ProviderProfile(baseURL: "https://openrouter.ai/api/v1", model: "google/gemini-3-pro")
        #expect(profile.asksForCost)
        #expect(profile.omittedKeywords.contains("additionalProperties"))
        #expect(ProviderProfile(type: "ollama", baseURL: "http://gpu/v1", model: "m").cutsSilently)
        #expect(Set(ProviderProfile.rows.map(\.name)).count == ProviderProfile.rows.count)
    }

    /// Whatever a conversation holds, what is sent keeps the rules of its profile.
    @Test func `any history keeps the rules`() throws {
        var random = SeededNumbers(seed: 10)
        for _ in 0..<2000 {
            let history = PairingCheck.repaired(randomHistory(&random))
            var profile = ProviderProfile()
            profile.idForm = [.lenient, .strict, .nine].randomElement(using: &random) ?? .strict
            profile.order = [.any, .bridged, .alternating].randomElement(using: &random) ?? .any
            profile.systemRole = [.system, .user].randomElement(using: &random) ?? .system
            profile.callsComeSingly = Bool.random(using: &random)
            profile.callsStandAlone = Bool.random(using: &random)
            let sent = WireHistory(profile: profile, origin: "o", tools: ["read_file"]).messages(history)
            #expect(PairingCheck.violations(in: sent).isEmpty)
            for (last, next) in zip(sent, sent.dropFirst()) where profile.order != .any {
                #expect(!(last.role == .tool && next.role == .user))
                if profile.order == .alternating, next.role == .user { #expect(last.role != .user) }
            }
            for message in sent {
                #expect(message.content?.trimmed.isEmpty != true)
                #expect(message.content != nil || !message.toolCalls.isEmpty)
                #expect(message.toolCalls.allSatisfy { WireNames.isTaken($0.name) && profile.idForm.takes($0.id) })
                if profile.systemRole == .user { #expect(message.role != .system) }
            }
        }
    }

    private func randomHistory(_ random: inout SeededNumbers) -> [ChatMessage] {
        let texts: [String?] = [nil, "", "\n", "text", "é\u{301}", "<|x|>"]
        let names = ["read_file", "", "a.b:1", "functions.read_file:0", "x y", String(repeating: "é", count: 70)]
        var messages: [ChatMessage] = [.system("s"), .user("task")]
        for number in 0..<Int.random(in: 0...8, using: &random) {
            let text = texts.randomElement(using: &random) ?? nil
            switch Int.random(in: 0..<4, using: &random) {
            case 0: messages.append(.user(text ?? ""))
            case 1: messages.append(.assistant(text))
            default:
                let ids = (0..<Int.random(in: 1...3, using: &random)).map { "\(names[$0])#\(number % 3)" }
                messages.append(
                    .assistant(
                        text,
                        toolCalls: ids.map {
                            ToolCall(id: $0, name: names.randomElement(using: &random) ?? "", arguments: "{\"a")
                        }))
                messages += ids.shuffled(using: &random).map { .tool(text ?? "", answering: $0) }
            }
        }
        return messages
    }
}
