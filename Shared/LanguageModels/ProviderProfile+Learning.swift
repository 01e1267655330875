import Foundations

/// What a refusal teaches. Pure: no rule asks anyone, and each change is taken once, so that learning ends.
extension ProviderProfile {
    private typealias Rule = @Sendable (ProviderProfile, Refusal) -> [ProfileChange]

    /// From the most telling words to the least.
    private static let rules: [Rule] = [
        ids, roles, order, signatures, missing, keywords, bounds, members, calls, fields, texts,
    ]

    /// What to do otherwise after `refusal`; `nil` if it teaches nothing new.
    package func change(after refusal: Refusal) -> ProfileChange? {
        for rule in Self.rules {
            if let change = rule(self, refusal).first(where: { !has($0) }) { return change }
        }
        return nil
    }

    private static let refusals = [
        "unsupported", "not supported", "not support", "unknown", "unrecognized", "unrecognised", "not permitted",
        "not allowed", "unexpected", "cannot find field", "extra_forbidden", "extra fields", "extra inputs", "invalid",
        "deprecated", "not accept", "forbidden", "no longer", "not a valid", "additional properties", "does not exist",
        "not available", "not enabled", "not implemented", "remove",
    ]
    private static let lacks = [
        "missing", "passed back", "must be provided", "required", "must be present", "must include",
    ]

    private static func ids(_ profile: ProviderProfile, _ refusal: Refusal) -> [ProfileChange] {
        let words = refusal.words
        if words.has("length of 9") || words.has("a-z, a-z, 0-9") { return [.idForm(.nine)] }
        let isOfID = words.hasAny([".id", "tool_call_id", "tool call id", "tool_use_id", "call_id"])
        let isOfForm = profile.idForm == .lenient && words.hasAny(["pattern", "too long", "must match", "invalid"])
        return isOfID && isOfForm ? [.idForm(.strict)] : []
    }

    private static func roles(_ profile: ProviderProfile, _ refusal: Refusal) -> [ProfileChange] {
        let words = refusal.words
        if profile.systemRole == .developer, words.names("developer") { return [.systemRole(.system)] }
        let isRefused = words.hasAny([
            "system role not", "system role is not", "got system", "system message is not", "system messages are not",
            "system message not", "'system' is not", "does not support 'system'", "developer instruction is not",
            "role 'system'", "role \"system\"", "role: system", "system instruction is not", "unexpected role system",
            "only user and assistant roles", "invalid role: system",
        ])
        return isRefused ? [.systemRole(.user)] : []
    }

    private static func order(_ profile: ProviderProfile, _ refusal: Refusal) -> [ProfileChange] {
        let words = refusal.words
        let stricter: [ProfileChange] =
            profile.order == .any ? [.order(.bridged), .order(.alternating)] : [.order(.alternating)]
        if words.hasAny(["single tool-call", "single tool call", "only one tool call"]) { return [.callsSingly] }
        if words.hasAny(["alternate", "interleave", "successive", "consecutive user"]) { return stricter }
        let isOfOrder =
            words.has("user", "tool")
            && words.hasAny([
                "after role", "unexpected role", "after a tool", "after tool", "following tool", "follow a tool",
                "following a tool", "directly after", "immediately after",
            ])
        return isOfOrder && !words.has("must be followed by tool") ? stricter : []
    }

    private static func signatures(_ profile: ProviderProfile, _ refusal: Refusal) -> [ProfileChange] {
        let words = refusal.words
        return words.hasAny(["thought_signature", "thoughtsignature", "thought signature"]) && words.hasAny(lacks)
            ? [.needsSignatures] : []
    }

    /// A member that has to be there: with an empty text first, then with one that is not.
    private static func missing(_ profile: ProviderProfile, _ refusal: Refusal) -> [ProfileChange] {
        // What is too much is not missing, whatever is said of it.
        guard refusal.words.hasAny(lacks), !refusal.words.hasAny(["extra_forbidden", "extra inputs"]) else { return [] }
        return ["reasoning_content", "reasoning_details", "reasoning_text", "reasoning"]
            .filter { refusal.words.names($0) && !profile.learnt.contains(.withoutMember($0)) }
            .flatMap { [.needsMember($0, text: ""), .needsMember($0, text: WireHistory.blank)] }
    }

    private static func keywords(_ profile: ProviderProfile, _ refusal: Refusal) -> [ProfileChange] {
        let known = [
            "additionalProperties", "$schema", "strict", "default", "format", "minLength", "maxLength", "minimum",
            "maximum", "minItems", "maxItems", "pattern", "examples", "const", "title",
        ]
        let isOfSchema = refusal.words.hasAny(["schema", "function_declarations", "parameters", "tools"])
        guard refusal.words.hasAny(refusals), isOfSchema || refusal.words.names("additionalProperties") else {
            return []
        }
        return known.filter { refusal.words.names($0) }.map { .withoutKeyword($0) }
    }

    /// The bound of a reply: its name, or its size.
    private static func bounds(_ profile: ProviderProfile, _ refusal: Refusal) -> [ProfileChange] {
        let (words, names) = (refusal.words, ["max_tokens", "max_completion_tokens"])
        guard let sent = refusal.replyTokens,
            names.contains(where: { words.names($0) })
                || words.hasAny(["output tokens", "completion tokens", "maximum tokens", "maxoutputtokens"])
        else { return [] }
        let isTooMuch = words.hasAny([
            "too large", "at most", "less than or equal", "output tokens", "valid range", "exceed", "must be <=",
            "greater than", "between", "larger than", "maximum value", "supported range",
        ])
        if isTooMuch {
            let isOfContext = words.hasAny(["context length", "context limit", "input tokens"])
            let stated = isOfContext ? nil : words.numbers.filter { $0 >= 16 && $0 < sent }.max()
            return [.largestReply(stated ?? max(16, sent / 2))]
        }
        guard words.hasAny(refusals) else { return [] }
        let other = profile.limitField == names[0] ? names[1] : names[0]
        return words.names(profile.limitField) ? [.limitField(other), .withoutField(profile.limitField)] : []
    }

    private static func members(_ profile: ProviderProfile, _ refusal: Refusal) -> [ProfileChange] {
        guard refusal.words.hasAny(refusals) else { return [] }
        return refusal.members.sorted().filter { refusal.words.names($0) && profile.neededMembers[$0] == nil }
            .map { .withoutMember($0) }
    }

    /// A server or a model that knows no tools at all.
    private static func calls(_ profile: ProviderProfile, _ refusal: Refusal) -> [ProfileChange] {
        let isOfTools = refusal.words.withoutQuotes.hasAny([
            "tools is not supported", "tools are not supported", "tools not supported", "not support tool",
            "not support the tool", "support tool use", "tool use is not", "tool calling is not", "tool calls are not",
            "not support function", "function calling is not", "functions are not supported",
            "unsupported parameter: tools", "auto tool choice requires", "tool-call-parser",
        ])
        // Streams alone may know none.
        return isOfTools && !refusal.words.has("stream") && refusal.fields.contains("tools") ? [.writtenCalls] : []
    }

    private static func fields(_ profile: ProviderProfile, _ refusal: Refusal) -> [ProfileChange] {
        let others = ["only the default", "must be 1", "only 1 is", "cannot both", "mutually exclusive"]
        guard refusal.words.hasAny(refusals + others) else { return [] }
        let names = refusal.fields.subtracting(["model", "messages", "tools", "stream"]).sorted()
            .filter { refusal.words.names($0) }
        let streams = [
            "streaming is not", "streaming not", "not support stream", "streaming mode", "verified to stream",
        ]
        let isOfStreams = refusal.words.names("stream") || refusal.words.hasAny(streams)
        if names.isEmpty, profile.streams, isOfStreams { return [.whole] }
        return names.map { .withoutField($0) }
    }

    /// The text of a message that has none.
    private static func texts(_ profile: ProviderProfile, _ refusal: Refusal) -> [ProfileChange] {
        let words = refusal.words
        let isBlank = words.hasAny([
            "non-empty", "be empty", "is empty", "not empty", "blank", "whitespace", "empty content", "at least one",
        ])
        let isNull = words.hasAny([
            "null", "none", "<nil>", "valid string", "expected a string", "be a string", "required", "missing",
            "must contain",
        ])
        if words.has("content", "tool_calls", "not both") { return [.callsAlone] }
        let isOfText = ["content", "contents"].contains { words.hasWord($0) } || words.has("message", "be empty")
        guard isOfText, isBlank || isNull else { return [] }
        let first: EmptyText = isBlank ? .absent : .empty
        return EmptyText.allCases.filter { $0.rawValue > max(profile.emptyText.rawValue, first.rawValue - 1) }
            .map { .emptyText($0) }
    }
}
