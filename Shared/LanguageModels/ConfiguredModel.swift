import Foundations
import Transfer

/// The models of the settings as one: the request's model, or the configured one, with retries and fallbacks.
struct ConfiguredModel: ChatModel {
    let settings: ModelSettings
    let client: HTTPClient
    let policy: RetryingModel.Policy
    let clock: any Clock<Duration>
    let keepReply: @Sendable (UnreadableReply) -> Void
    let failed: @Sendable (ModelFailure) async -> Void
    let learnt = LearntProfiles()
    let notice: @Sendable (String) -> Void

    func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
        let endpoints: [ModelEndpoint]
        do {
            endpoints = try settings.resolve(model: request.model, fallbacks: request.fallbacks)
        } catch {
            throw ModelError(.misconfigured, error.description)
        }
        return try await complete(request, by: endpoints)
    }

    /// Asks in order; a model that turned out to know no tools is worked with in texts, where no other answers.
    private func complete(_ request: ChatRequest, by endpoints: [ModelEndpoint]) async throws(ModelError) -> ChatReply {
        let able = endpoints.filter { !lacksTools($0) }
        do throws(ModelError) {
            return try await ask(able, request)
        } catch {
            let others = endpoints.filter(lacksTools)
            guard !others.isEmpty, error.anotherModelMayAnswer(request) else { throw error }
            return try await ask(others, request)
        }
    }

    private func ask(_ endpoints: [ModelEndpoint], _ request: ChatRequest) async throws(ModelError) -> ChatReply {
        let candidates = endpoints.map { FallbackModel.Candidate(name: $0.model, model: model(at: $0)) }
        return try await FallbackModel(candidates).complete(request)
    }

    private func lacksTools(_ endpoint: ModelEndpoint) -> Bool {
        learnt.profile(of: endpoint).learnt.contains(.writtenCalls)
    }

    private func model(at endpoint: ModelEndpoint) -> any ChatModel {
        let once = LearningModel(
            endpoint: endpoint, client: client, timeout: settings.timeout, learnt: learnt, notice: notice,
            keepReply: keepReply)
        let watched = WatchedModel(base: once, name: endpoint.model, failed: failed)
        return TunedModel(
            base: RetryingModel(watched, policy: policy, clock: clock), tuning: endpoint.tuning,
            unknownPrice: settings.unknownPrice, isFree: endpoint.isFree)
    }
}

extension ModelSettings {
    /// A model for the whole process: it resolves each request's model name by ``resolve(model:fallbacks:)``, retries, falls
    /// back, and learns what servers refuse. Throws at once when the settings lead nowhere.
    ///
    /// - Parameters:
    ///   - notice: Is told what operators should know, in one line.
    ///   - keepReply: Is given the replies that could not be understood.
    ///   - failed: Is told of each call that a model did not answer, before it is made again.
    package func makeModel(
        client: HTTPClient, policy: RetryingModel.Policy = .init(), clock: any Clock<Duration> = ContinuousClock(),
        notice: @escaping @Sendable (String) -> Void = { _ in },
        keepReply: @escaping @Sendable (UnreadableReply) -> Void = { _ in },
        failed: @escaping @Sendable (ModelFailure) async -> Void = { _ in }
    ) throws(ModelSettingsError) -> any ChatModel {
        for endpoint in try resolve() where endpoint.profile.cutsSilently {
            notice(
                "\(endpoint.model) at \(endpoint.address) is asked for a window of \(endpoint.contextTokens) tokens "
                    + "(num_ctx, MODEL_CONTEXT); Ollama's own setting is OLLAMA_CONTEXT_LENGTH")
        }
        return ConfiguredModel(
            settings: self, client: client, policy: policy, clock: clock, keepReply: keepReply, failed: failed,
            notice: notice)
    }
}
