import Foundations
import Transfer

/// The models of the settings as one: the request's model, or the configured one, with retries and fallbacks.
struct ConfiguredModel: ChatModel {
    let settings: ModelSettings
    let client: HTTPClient
    let policy: RetryingModel.Policy
    let clock: any Clock<Duration>

    func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
        let endpoints: [ModelEndpoint]
        do {
            endpoints = try settings.resolve(model: request.model)
        } catch {
            throw ModelError(.misconfigured, error.description)
        }
        let candidates = endpoints.map { endpoint in
            let once = endpoint.model(client: client, deadline: min(policy.deadline, .seconds(600)))
            return FallbackModel.Candidate(
                name: endpoint.model, model: RetryingModel(once, policy: policy, clock: clock))
        }
        return try await FallbackModel(candidates).complete(request)
    }
}

extension ModelSettings {
    /// A model for the whole process: it resolves each request's model name by ``resolve(model:)``, retries, and falls
    /// back. Throws at once when the settings lead nowhere.
    package func makeModel(
        client: HTTPClient, policy: RetryingModel.Policy = .init(), clock: any Clock<Duration> = ContinuousClock()
    ) throws(ModelSettingsError) -> any ChatModel {
        _ = try resolve()
        return ConfiguredModel(settings: self, client: client, policy: policy, clock: clock)
    }
}
