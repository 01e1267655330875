import Foundation
import Foundations

/// Answers requests for a chat completion from the script.
struct CompletionHandler: Sendable {
    let script: Script
    let statistics: Statistics
    let witness: Witness?

    /// The answer to the request that `body` holds, after the latency that the script asks for.
    func answer(_ body: Data) async throws -> ScriptedReply? {
        let hash = Hash.of(body)
        let attempt = statistics.countRequest(hash)
        var facts: [String: JSONValue] = ["hash": .string(Hash.text(hash)), "attempt": .int(attempt)]
        let (reply, latency) = play(body, hash: hash, attempt: attempt, facts: &facts)
        facts["reply"] = .string(reply?.kind ?? "hang")
        witness?.record(facts)
        if latency > 0 { try await Task.sleep(for: .milliseconds(latency)) }
        // A call without this line got no answer.
        if reply != nil { witness?.record(["end": .string(Hash.text(hash)), "attempt": .int(attempt)]) }
        return reply
    }

    private func play(
        _ body: Data, hash: UInt64, attempt: Int, facts: inout [String: JSONValue]
    ) -> (reply: ScriptedReply?, latency: Int) {
        let request: CompletionRequest
        do { request = try JSONDecoder().decode(CompletionRequest.self, from: body) } catch {
            return (.error(400, "the body is no chat completion request: \(error)", kind: "bad request"), 0)
        }
        facts["model"] = .string(request.model)
        facts["messages"] = .int(request.messages.count)
        let violations = ConversationRules.violations(in: request.messages)
        guard violations.isEmpty else { return (refuse(violations, hash: hash), 0) }
        if let refusal = refusal(of: body, request, attempt: attempt) { return (refusal, 0) }
        guard let role = script.roles.first(where: { $0.when.holds(for: request) }) else {
            let tools = request.toolNames.sorted().joined(separator: ", ")
            return (.error(400, "no role of the script matches: tools [\(tools)]", kind: "no role"), 0)
        }
        let index = request.turnsPlayed(from: role.countFrom)
        facts["role"] = .string(role.name)
        facts["turn"] = .int(index)
        guard
            let turn = index < role.turns.count || role.after == .repeat
                ? role.turns[min(index, role.turns.count - 1)] : nil
        else {
            let message = "role \(role.name) has only \(role.turns.count) turns, asked for turn \(index)"
            return (.error(400, message, kind: "beyond the script"), 0)
        }
        statistics.countAnswer(of: role.name)
        let reply = perform(turn, of: role, to: request, hash: hash, attempt: attempt)
        return (reply, script.latencyMilliseconds + turn.latencyMilliseconds)
    }

    private func perform(
        _ turn: Turn, of role: Role, to request: CompletionRequest, hash: UInt64, attempt: Int
    ) -> ScriptedReply? {
        let isDue = attempt < turn.times ?? .max
        let fault = (isDue ? turn.fault : nil) ?? script.faults?.fault(hash: hash, attempt: attempt)
        do {
            let completion = try Completion(turn, to: request, hash: hash)
            let reply = request.isStreamed ? completion.streamed(withUsage: request.wantsUsage) : completion.whole()
            guard let fault else { return reply }
            if case .raw(let answer) = fault { return try answer.reply(Placeholders(request: request)) }
            statistics.countFault()
            return broken(reply, by: fault)
        } catch {
            return .error(400, "script, role \(role.name): \(error)", kind: "script error")
        }
    }

    /// What the first rule answers that the request breaks.
    private func refusal(of body: Data, _ request: CompletionRequest, attempt: Int) -> ScriptedReply? {
        guard !script.refusals.isEmpty, let json = try? JSONValue(parsing: body) else { return nil }
        do {
            for rule in script.refusals {
                let placeholders = Placeholders(request: request)
                if let reply = try rule.answer(to: json, attempt: attempt, placeholders) { return reply }
            }
            return nil
        } catch {
            return .error(400, "script, refuse: \(error)", kind: "script error")
        }
    }

    /// The answer with the fault in place of its good end; `nil` for none at all.
    private func broken(_ reply: ScriptedReply, by fault: Fault) -> ScriptedReply? {
        var broken: ScriptedReply
        switch fault {
        case .hang: return nil
        case .raw: broken = reply
        case .cut: broken = reply.broken(.cut)
        case .stall: broken = reply.broken(.stalled)
        case .garbage:
            broken = reply
            broken.pieces = [Data("data: {\"choices\": [{\"delta\n\n<html>502 Bad Gateway</html>\n\n".utf8)]
        case .status(let status, let retryAfter):
            let type = status == 429 ? "rate_limit_error" : "server_error"
            broken = .error(status, "scripted fault", type: type, kind: "")
            if let retryAfter { broken.headers["Retry-After"] = Self.text(retryAfter) }
        }
        broken.kind = fault.name
        return broken
    }

    private func refuse(_ violations: [String], hash: UInt64) -> ScriptedReply {
        statistics.countViolation()
        let message = violations.joined(separator: "; ")
        FileHandle.standardError.write(Data("VIOLATION in request \(Hash.text(hash)): \(message)\n".utf8))
        return .error(400, message, code: "tool_call_violation", kind: "violation: \(message)")
    }

    /// Seconds, without a fraction where there is none.
    private static func text(_ seconds: Double) -> String {
        Int(exactly: seconds).map { String($0) } ?? String(seconds)
    }
}
