import Foundations
import TestSupport
import Testing

@testable import LanguageModels

/// What refusals teach, in words of public reports.
@Suite struct ProfileLearningTests {
    private static let body: JSONValue = [
        "model": "m", "stream": true, "stream_options": ["include_usage": true], "usage": ["include": true],
        "temperature": 0.2, "max_tokens": 32_000, "parallel_tool_calls": true, "top_k": 5, "tools": [],
        "messages": [
            ["role": "user", "content": "u"],
            [
                "role": "assistant", "content": nil, "reasoning_content": "r", "reasoning": "r",
                "tool_calls": [["id": "a", "type": "function", "extra_content": ["x": 1], "function": ["name": "f"]]],
            ],
        ],
    ]

    private func changes(_ words: String, _ profile: ProviderProfile = .init(), times: Int = 1) -> [ProfileChange] {
        var profile = profile
        return (0..<times).compactMap { _ in
            let change = profile.change(after: Refusal(words, of: Self.body))
            if let change { profile = profile.applying(change) }
            return change
        }
    }

    @Test(
        arguments: [
            (
                "property 'stream_options' is unsupported, did you mean 'stream'?",
                ProfileChange.withoutField("stream_options")
            ),
            (
                #"{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}"#,
                .withoutField("stream_options")
            ),
            (
                #"{"message":"Unrecognized request argument supplied: parallel_tool_calls"}"#,
                .withoutField("parallel_tool_calls")
            ),
            (#"Unknown parameter: 'usage'."#, .withoutField("usage")),
            (
                "Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.",
                .withoutField("temperature")
            ),
            ("`temperature` is deprecated for this model.", .withoutField("temperature")),
            ("top_k: Extra inputs are not permitted", .withoutField("top_k")),
            (
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                .limitField("max_completion_tokens")
            ),
            (
                "max_tokens is too large: 32000. This model supports at most 4096 completion tokens, whereas you provided 32000.",
                .largestReply(4096)
            ),
            (
                "max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens for claude-3-5",
                .largestReply(8192)
            ),
            ("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]", .largestReply(8192)),
            ("`max_tokens` must be less than or equal to `16384`", .largestReply(16384)),
            (
                "'max_tokens' is too large: 32000. This model's maximum context length is 32768 tokens and your request has 2000 input tokens",
                .largestReply(16000)
            ),
            (
                "'messages.1' : for 'role:assistant' the following must be satisfied[('messages.1' : property 'reasoning_content' is unsupported)]",
                .withoutMember("reasoning_content")
            ),
            (#"{"error":{"message":"property 'reasoning' is unsupported"}}"#, .withoutMember("reasoning")),
            ("messages.1.tool_calls.0.extra_content: Extra inputs are not permitted", .withoutMember("extra_content")),
            (
                "thinking is enabled but reasoning_content is missing in assistant tool call message at index 2",
                .needsMember("reasoning_content", text: "")
            ),
            (
                "Missing `reasoning_content` field in the assistant message at message index 112.",
                .needsMember("reasoning_content", text: "")
            ),
            (
                "The `reasoning_content` in the thinking mode must be passed back to the API.",
                .needsMember("reasoning_content", text: "")
            ),
            ("Function call is missing a thought_signature in functionCall parts.", .needsSignatures),
            (
                #"Invalid JSON payload received. Unknown name \"additionalProperties\" at 'tools[0].function_declarations[0].parameters': Cannot find field."#,
                .withoutKeyword("additionalProperties")
            ),
            (
                #"Unknown name "$schema" at 'tools[0].function_declarations[0].parameters': Cannot find field."#,
                .withoutKeyword("$schema")
            ),
            ("Unexpected role 'user' after role 'tool'", .order(.bridged)),
            ("Conversation roles must alternate user/assistant/user/assistant/...", .order(.bridged)),
            ("Tool call id was call_0fypS1hVX but must be a-z, A-Z, 0-9, with a length of 9.", .idForm(.nine)),
            ("Only user, assistant and tool roles are supported, got system", .systemRole(.user)),
            ("Developer instruction is not enabled for models/gemma-3-27b-it", .systemRole(.user)),
            ("Invalid value for 'content': expected a string, got null.", .emptyText(.empty)),
            ("messages.1.content: Input should be a valid string", .emptyText(.empty)),
            ("messages: text content blocks must be non-empty", .emptyText(.absent)),
            ("messages: text content blocks must contain non-whitespace text", .emptyText(.absent)),
            ("'stream' is not supported: this endpoint is non-streaming.", .whole),
            (
                #"{"message":"Your organization must be verified to stream this model.","param":"stream","code":"unsupported_value"}"#,
                .whole
            ),
            ("Tool calls are not supported in streaming mode.", .whole),
            (
                "unknown field `stream_options`, expected one of `model`, `messages`, `max_tokens`, `temperature`",
                .withoutField("stream_options")
            ),
            (
                "UnsupportedParamsError: x does not support parameters: ['parallel_tool_calls'], for model=x.",
                .withoutField("parallel_tool_calls")
            ),
            (
                "`temperature` and `top_p` cannot both be specified for this model. Please use only one.",
                .withoutField("temperature")
            ),
            ("invalid temperature: only 1 is allowed for this model", .withoutField("temperature")),
            ("temperature is not supported with reasoning models", .withoutField("temperature")),
            ("Unrecognized request argument supplied: usage", .withoutField("usage")),
            (
                #"{"type":"extra_forbidden","loc":["body","messages",2,"reasoning_content"],"input":"a file is missing"}"#,
                .withoutMember("reasoning_content")
            ),
            ("Invalid max_tokens value, the valid range of max_tokens is [1,8192]", .largestReply(8192)),
            (
                "`max_tokens` must be less than or equal to `16384`, the maximum value is less than the `context_window`",
                .largestReply(16_384)
            ),
            (
                "it has a maxOutputTokens value of 32000 but the supported range is from 1 (inclusive) to 8193 (exclusive)",
                .largestReply(8193)
            ),
            ("The maximum tokens you requested exceeds the model limit of 8192.", .largestReply(8192)),
            ("invalid message content type: <nil>", .emptyText(.empty)),
            ("All non-assistant messages must contain 'content'", .emptyText(.empty)),
            ("'messages' must only contain objects with a 'content' field that is not empty", .emptyText(.absent)),
            ("Each message must have at least one content element.", .emptyText(.absent)),
            ("GenerateContentRequest.contents[2].parts: contents.parts must not be empty.", .emptyText(.absent)),
            ("the message at position 2 with role 'assistant' must not be empty", .emptyText(.absent)),
            ("Assistant message must have either content or tool_calls, but not both.", .callsAlone),
            ("Only user and assistant roles are supported!", .systemRole(.user)),
            ("This model only supports single tool-calls at once!", .callsSingly),
            ("deepseek-x does not support successive user or assistant messages", .order(.bridged)),
            ("messages: found consecutive user messages, which are not allowed", .order(.bridged)),
            ("registry.ollama.ai/library/codellama:7b-instruct does not support tools", .writtenCalls),
            (#"No endpoints found that support tool use. Try disabling "read_file"."#, .writtenCalls),
            ("'tools' is not supported", .writtenCalls),
            ("Function calling is not enabled for models/m", .writtenCalls),
            (
                #"\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set"#,
                .writtenCalls
            ),
        ] as [(String, ProfileChange)])
    func `a refusal teaches what to do otherwise`(_ words: String, _ change: ProfileChange) {
        #expect(changes(words) == [change])
    }

    @Test(arguments: [
        "Provider returned error", "", "tools: the list is too long", "The model is overloaded", "Invalid API key",
        "messages: at least one message is required", "Invalid schema for function 'read_file' in tools[0]",
        "You have exceeded your usage limits; the temperature in the room is unknown",
    ])
    func `what teaches nothing changes nothing`(_ words: String) {
        #expect(changes(words).isEmpty)
    }

    @Test func `what does not help is not tried again, and stricter forms come one after the other`() {
        #expect(changes("property 'stream_options' is unsupported", times: 3).count == 1)
        #expect(
            changes("expected a string, got null for content", times: 9)
                == [.emptyText(.empty), .emptyText(.absent), .emptyText(.dot)])
        #expect(changes("roles must alternate", times: 9) == [.order(.bridged), .order(.alternating)])
        #expect(changes("reasoning_content is missing", times: 9).count == 2)
    }

    /// A server that says one thing and then the other must not keep anybody busy.
    @Test func `learning ends whatever is said`() {
        let said = [
            "reasoning_content is missing", "property 'reasoning_content' is unsupported",
            "'max_tokens' is not supported",
            "'max_completion_tokens' is not supported", "content: null is not allowed", "content must be non-empty",
            "roles must alternate", "length of 9", "tool_call_id must match pattern", "got system",
            "'stream' is not supported", "'temperature' unsupported", "unknown name \"additionalProperties\" at tools",
            "thought_signature is missing", "max_tokens is too large: at most 100",
        ]
        var random = SeededNumbers(seed: 4)
        for _ in 0..<200 {
            var (profile, taught) = (ProviderProfile(), 0)
            for _ in 0..<200 {
                let words = (0..<2).compactMap { _ in said.randomElement(using: &random) }.joined(separator: "; ")
                guard let change = profile.change(after: Refusal(words, of: Self.body)) else { continue }
                #expect(!profile.learnt.contains(change))
                profile = profile.applying(change)
                taught += 1
            }
            #expect(taught < 40)
        }
    }
}
