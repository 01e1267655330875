import Foundations
import Synchronization
import Transfer

/// What was learnt of servers since the process began, by endpoint and model.
package final class LearntProfiles: Sendable {
    private let profiles = Mutex<[String: ProviderProfile]>([:])

    package init() {}

    func profile(of endpoint: ModelEndpoint) -> ProviderProfile {
        profiles.withLock { $0[endpoint.origin] } ?? endpoint.profile
    }

    /// Adds a change. Another task may have learnt the same meanwhile.
    func add(_ change: ProfileChange, of endpoint: ModelEndpoint) {
        profiles.withLock { $0[endpoint.origin] = ($0[endpoint.origin] ?? endpoint.profile).applying(change) }
    }
}

/// A model at its provider, which is asked again at once in another way when the server refuses how it was asked, and
/// in that way from then on; also when a reply was cut for want of room.
struct LearningModel: ChatModel {
    let endpoint: ModelEndpoint
    let client: HTTPClient
    let timeout: ModelTimeout
    let learnt: LearntProfiles
    /// Is told what was learnt.
    let notice: @Sendable (String) -> Void
    let keepReply: @Sendable (UnreadableReply) -> Void

    /// More changes for one call are a sign of rules that chase each other.
    private static let mostChanges = 12
    /// What replies get room for, one after the other, when they are cut and nobody set a number.
    private static let rooms = [16_384, 65_536]

    func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
        var spent: ChatReply?
        for _ in 0..<Self.mostChanges {
            let profile = learnt.profile(of: endpoint)
            if let error = Self.overflow(of: request, profile) { throw error }
            let model = endpoint.model(
                client: client, profile: profile, timeout: timeout, keepReply: keepReply)
            do throws(ModelError) {
                let reply = try await model.complete(request).adding(spent)
                await learnWindow(profile)
                guard let change = Self.change(after: reply, of: model.completion(request), profile) else {
                    return reply
                }
                learn(change, because: "a reply was cut for want of room")
                spent = reply
            } catch {
                guard let change = Self.change(after: error, of: model.completion(request), profile) else {
                    throw endpoint.hinting(error)
                }
                learn(change, because: error.message)
                // Models with tools go first, see ``ConfiguredModel``.
                if change == .writtenCalls { throw endpoint.hinting(error) }
            }
        }
        throw ModelError(.badRequest, "the provider refuses the request in every form that is known")
    }

    private func learn(_ change: ProfileChange, because reason: String) {
        learnt.add(change, of: endpoint)
        notice("\(endpoint.model) at \(endpoint.address): from now on \(change) (\(reason))")
    }

    /// What a server that cuts prompts without a word says of its window, once it has loaded the model.
    private func learnWindow(_ profile: ProviderProfile) async {
        guard profile.cutsSilently, !profile.knowsWindow else { return }
        let window = await endpoint.loadedWindow(client: client)
        learnt.add(.window(window), of: endpoint)
        guard let window, window < endpoint.contextTokens else { return }
        notice(
            "\(endpoint.model) at \(endpoint.address) has a window of \(window) tokens, not \(endpoint.contextTokens): "
                + "conversations are kept within it; set OLLAMA_CONTEXT_LENGTH at the server for more")
    }

    /// The error that a server should give which cuts prompts instead.
    private static func overflow(of request: ChatRequest, _ profile: ProviderProfile) -> ModelError? {
        guard let window = profile.window, request.estimatedTokens > window else { return nil }
        var error = ModelError(
            .contextTooLong,
            "the server would cut the conversation: its window has \(window) tokens (num_ctx, OLLAMA_CONTEXT_LENGTH)")
        error.contextTokens = window
        return error
    }

    private static func change(
        after error: ModelError, of sent: CompletionRequest, _ profile: ProviderProfile
    ) -> ProfileChange? {
        switch error.code {
        case .badRequest, .unavailable, .badReply:
            return error.words.flatMap { profile.change(after: Refusal($0, of: sent.body)) }
        case .contextTooLong where sent.request.maxTokens == nil && profile.replyRoom != nil:
            return profile.has(.withoutRoom) ? nil : .withoutRoom
        case .contextTooLong where sent.request.isShortest:
            // What does not fit may be the room for the reply, as long as that is large.
            let change = error.words.flatMap { profile.change(after: Refusal($0, of: sent.body)) }
            guard case .largestReply(let tokens)? = change, tokens >= 1024 else { return nil }
            return change
        default: return nil
        }
    }

    private static func change(
        after reply: ChatReply, of sent: CompletionRequest, _ profile: ProviderProfile
    ) -> ProfileChange? {
        let isLeftOpen = sent.request.maxTokens == nil && sent.extra[profile.limitField] == nil
        guard isLeftOpen, reply.isCut, !profile.learnt.contains(.withoutRoom) else { return nil }
        let room = rooms.first { $0 > max(profile.replyRoom ?? 0, reply.usage.completionTokens) }
        return room.flatMap { $0 <= profile.largestReply ?? $0 ? .replyRoom($0) : nil }
    }
}

extension ChatReply {
    private static let cuts: Set<String> = ["length", "max_tokens", "max_output_tokens", "model_length"]

    /// Whether the reply ended where it did because it may not be longer, and is of no use so: it calls nothing, or
    /// a call is not whole.
    package var isCut: Bool {
        guard let reason = finishReason?.lowercased(), Self.cuts.contains(reason) else { return false }
        guard let last = message.toolCalls.last else { return true }
        return ((try? JSONValue(parsing: last.arguments))?.objectValue ?? [:]).isEmpty
    }

    /// This reply with what an earlier one for the same request took.
    fileprivate func adding(_ earlier: ChatReply?) -> ChatReply {
        guard let earlier else { return self }
        var reply = self
        reply.usage = usage + earlier.usage
        reply.costUSD = costUSD.flatMap { mine in earlier.costUSD.map { mine + $0 } }
        return reply
    }
}
