import FoundationEssentials
import Foundations
import Transfer

/// What a provider says about itself without being asked to think.
package struct ModelProbe: Sendable, Equatable {
    /// Whether the provider's list holds the model; `nil` if it gives no list.
    package var offersModel: Bool?
}

extension ModelEndpoint {
    /// Asks the provider whether it is there and accepts the key; costs nothing. Throws what is wrong.
    package func probe(client: HTTPClient) async throws(ModelError) -> ModelProbe {
        let response: HTTPResponse
        do {
            response = try await client.send(
                HTTPRequest(
                    url: "\(baseURL)/\(provider.row.probePath)", headers: probeHeaders, timeout: .seconds(15),
                    connectTimeout: .seconds(5)))
        } catch {
            throw hinting(ModelError(error))
        }
        // A server without this path is there all the same, and one where the key may not read it.
        if [403, 404, 405, 501].contains(response.status) { return ModelProbe(offersModel: nil) }
        guard response.isSuccess else {
            let failure = ProviderFailure(body: response.body)
            throw hinting(
                ModelError(
                    status: response.status, failure: failure,
                    excerpt: self.model(client: client).excerpt(failure, response.body), retryAfter: nil, model: model))
        }
        let list = (try? JSONValue(parsing: response.body))?["data"]?.arrayValue
        // Ollama and Google list longer names than they take.
        let names = [model, "\(model):latest", "models/\(model)"]
        return ModelProbe(offersModel: list.map { $0.contains { names.contains($0["id"]?.stringValue ?? "") } })
    }

    private var probeHeaders: [(String, String)] {
        guard let key else { return [] }
        // Anthropic's list of models is not part of its OpenAI-compatible paths.
        return provider == .anthropic
            ? [("x-api-key", key.reveal()), ("anthropic-version", "2023-06-01")]
            : [("Authorization", "Bearer \(key.reveal())")]
    }
}
