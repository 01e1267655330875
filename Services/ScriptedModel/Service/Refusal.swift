import Foundations

/// A rule of a strict provider, and what it answers a request that breaks it. All that is given must hold.
package struct Refusal: Sendable, Decodable {
    /// The model that the request must name for the rule to hold; `nil` is any.
    package var model: String?
    /// The values in question; the request itself if it is not given.
    private var each: RequestPath?
    /// Refused if one of them has no value here…
    private var lacks: RequestPath?
    /// …or has one here.
    private var has: RequestPath?
    /// Refused if one of them is a text that matches…
    private var matches: String?
    /// …or one that does not.
    private var unless: String?
    /// Refused if a message of the first role comes right before one of the second.
    private var order: [String]?
    /// How often one and the same request is refused; `nil` is always.
    private var times: Int?
    private var status = 400
    private var message: String
    /// The answer, in place of an error with `status` and `message`.
    private var raw: RawAnswer?

    enum CodingKeys: String, CodingKey, CaseIterable {
        case model, each, lacks, has, matches, unless, order, times, status, message, raw
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
        func path(_ key: CodingKeys) throws -> RequestPath? {
            try values.decodeIfPresent(String.self, forKey: key).map { try RequestPath($0) }
        }
        func pattern(_ key: CodingKeys) throws -> String? {
            let text = try values.decodeIfPresent(String.self, forKey: key)
            do { _ = try text.map { try Regex($0) } } catch {
                throw ScriptError("\(key.stringValue): \(error)", at: decoder.codingPath)
            }
            return text
        }
        model = try values.decodeIfPresent(String.self, forKey: .model)
        each = try path(.each)
        lacks = try path(.lacks)
        has = try path(.has)
        matches = try pattern(.matches)
        unless = try pattern(.unless)
        order = try values.decodeIfPresent([String].self, forKey: .order)
        times = try values.decodeIfPresent(Int.self, forKey: .times)
        status = try values.decodeIfPresent(Int.self, forKey: .status) ?? 400
        message = try values.decodeIfPresent(String.self, forKey: .message) ?? "refused by the script"
        raw = try values.decodeIfPresent(RawAnswer.self, forKey: .raw)
        let isRule = lacks != nil || has != nil || matches != nil || unless != nil || order != nil
        guard isRule || model != nil else {
            throw ScriptError("a refusal needs model, lacks, has, matches, unless or order", at: decoder.codingPath)
        }
        guard order.map({ $0.count == 2 }) ?? true else {
            throw ScriptError("order: expected two roles", at: decoder.codingPath)
        }
    }

    /// The answer to a request that breaks the rule and came `attempt` times before.
    func answer(to request: JSONValue, attempt: Int, _ placeholders: Placeholders) throws(ScriptError) -> ScriptedReply?
    {
        guard attempt < times ?? .max, isBroken(by: request) else { return nil }
        guard let raw else { return .error(status, message, kind: "refusal: \(message)") }
        return try raw.reply(placeholders)
    }

    private func isBroken(by request: JSONValue) -> Bool {
        if let model, request["model"]?.stringValue != model { return false }
        if let order, !follows(order, request["messages"]?.arrayValue ?? []) { return false }
        guard lacks != nil || has != nil || matches != nil || unless != nil else { return true }
        return (each?.values(in: request) ?? [request]).contains(where: isBroken(byValue:))
    }

    private func isBroken(byValue value: JSONValue) -> Bool {
        if let lacks, !lacks.values(in: value).isEmpty { return false }
        if let has, has.values(in: value).isEmpty { return false }
        guard matches != nil || unless != nil else { return true }
        guard let text = value.stringValue else { return false }
        return (matches.map { Self.isMatch(text, $0) } ?? true) && (unless.map { !Self.isMatch(text, $0) } ?? true)
    }

    private func follows(_ order: [String], _ messages: [JSONValue]) -> Bool {
        zip(messages, messages.dropFirst()).contains {
            $0["role"]?.stringValue == order[0] && $1["role"]?.stringValue == order[1]
        }
    }

    private static func isMatch(_ text: String, _ pattern: String) -> Bool {
        // The pattern was checked when the script was read.
        (try? Regex(pattern)).map { text.contains($0) } ?? false
    }
}
