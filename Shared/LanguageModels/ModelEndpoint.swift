import Foundations
import Transfer

/// A model at a provider: everything that a call needs to know.
package struct ModelEndpoint: Sendable, Equatable {
    package var provider: ModelProvider
    /// Without a slash at the end.
    package var baseURL: String
    package var key: Secret?
    /// The model's name at the provider.
    package var model: String

    /// The provider as a model that is asked once a call.
    package func model(client: HTTPClient, deadline: Duration = .seconds(600)) -> OpenAICompatibleModel {
        let row = provider.row
        return OpenAICompatibleModel(
            baseURL: baseURL, apiKey: key, extraHeaders: row.extraHeaders.sorted { $0.key < $1.key }.map { ($0, $1) },
            dialect: row.dialect, client: client, deadline: deadline)
    }
}
