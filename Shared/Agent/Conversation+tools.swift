import Contracts
import Foundations
import LanguageModels
import Sandbox

/// Tool calls: one step each, in the order in which the model made them, each answered exactly once.
extension Conversation {
    func take(_ calls: [ToolCall], _ state: inout ConversationState) async throws -> ConversationEnd? {
        var failed = false
        let limit = setup.limits.maxCallsPerReply
        for call in calls.prefix(limit) {
            let result = try await take(call, afterFailure: failed, iteration: state.iterations)
            failed = failed || !result.ok
            state.append(.tool(result.content, answering: call.id))
            if let todos = result.todos { state.todos = todos }
            if result.ok, let final = try finalCall(call) { return .finished(final) }
            if let end = judge(call, result, &state) { return end }
        }
        for call in calls.dropFirst(limit) {
            state.append(
                .tool(
                    "error: not done, a reply may make at most \(limit) calls. Make fewer at once.", answering: call.id)
            )
        }
        return nil
    }

    private func take(_ call: ToolCall, afterFailure: Bool, iteration: Int) async throws -> ToolResult {
        let step = StepDescriptor(
            kind: .toolCall, name: call.name, requestHash: Digest.of(call.id, call.name, call.arguments),
            iteration: iteration)
        let replay = try await take(step) { _ in
            let start = ContinuousClock.now
            var result = try await perform(call, afterFailure: afterFailure)
            result.content = OutputLimiter.shorten(result.content, to: context.outputLimit)
            var checkpoint: Checkpoint?
            do {
                let kept = try await keep(after: call, result, iteration)
                checkpoint = kept.checkpoint
                result.content = ([result.content] + kept.notes).joined(separator: "\n")
            } catch let error as ToolError {
                result.ok = false
                result.content += "\nerror: \(error.message)"
                result.summary = error.message
            }
            let progress = ImplementationStep(
                iteration: iteration, tool: OutputLimiter.line(call.name, 64),
                summary: OutputLimiter.line(result.summary), ok: result.ok,
                durationMilliseconds: start.duration(to: .now).milliseconds)
            return StepOutcome(
                result: try JSONValue(encoding: result), checkpoint: checkpoint, progress: progress,
                discovery: result.discovery)
        }
        return try replay.decoded()
    }

    /// What the model can mend becomes a result that says so; everything else is thrown on.
    private func perform(_ call: ToolCall, afterFailure: Bool) async throws -> ToolResult {
        do {
            let tool = try setup.catalogue.tool(call.name)
            let arguments = try ToolArguments(call.arguments, for: tool)
            guard tool.name != setup.catalogue.finalTool || !afterFailure else {
                throw ToolError("An earlier call of this reply failed. Look at its result before you end your work.")
            }
            return try await tool.run(arguments, in: context)
        } catch let error as ToolError {
            return ToolResult("error: \(error.message)", ok: false, summary: OutputLimiter.line(error.message))
        } catch let error as SandboxError where error.code == .invalidCommand {
            return ToolResult("error: \(error.message)", ok: false, summary: error.message)
        }
    }

    /// Keeps what a call may have changed. At the end too: work that cannot be kept is not done.
    private func keep(after call: ToolCall, _ result: ToolResult, _ iteration: Int) async throws -> KeptWork {
        guard let tool = try? setup.catalogue.tool(call.name),
            tool.changesFiles || tool.name == setup.catalogue.finalTool
        else { return KeptWork() }
        let isEnd = tool.name == setup.catalogue.finalTool && result.ok
        return try await workspace.checkpoint(
            label: "turn \(iteration): \(tool.name)",
            written: [result.written].compactMap(\.self) + (result.included ?? []),
            asks: isEnd && iteration < setup.limits.maxIterations)
    }

    private func finalCall(_ call: ToolCall) throws -> FinalCall? {
        guard let tool = try? setup.catalogue.tool(call.name), tool.name == setup.catalogue.finalTool else {
            return nil
        }
        return FinalCall(name: tool.name, arguments: try ToolArguments(call.arguments, for: tool).value)
    }

    /// The call as it was meant, to tell repeats: the same call in another spelling is the same call.
    private func digest(of call: ToolCall) -> String {
        let tool = try? setup.catalogue.tool(call.name)
        let meant = try? tool.map { try ToolArguments(call.arguments, for: $0).value.text() }
        let written = (try? JSONValue(parsing: call.arguments).text()) ?? call.arguments
        return Digest.of(tool?.name ?? call.name, meant ?? written)
    }

    private func judge(_ call: ToolCall, _ result: ToolResult, _ state: inout ConversationState) -> ConversationEnd? {
        let verdict = state.loops.observe(
            call: digest(of: call), result: Digest.of(result.content),
            tool: OutputLimiter.line(call.name, 64))
        switch verdict {
        case .fine: return nil
        case .nudge(let note):
            state.notes.append(note)
            return nil
        case .stuck(let reason): return .stuck(reason)
        }
    }
}
