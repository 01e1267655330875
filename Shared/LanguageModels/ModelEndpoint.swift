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
    /// The row of ``ProviderProfile/rows`` that the operator named, where it says more than ``provider``.
    package var type: String?
    /// What the operator says of the model.
    package var tuning = ModelTuning()

    package init(
        provider: ModelProvider, baseURL: String, key: Secret?, model: String, type: String? = nil,
        tuning: ModelTuning = ModelTuning()
    ) {
        self.provider = provider
        self.baseURL = baseURL
        self.key = key
        self.model = model
        self.type = type
        self.tuning = tuning
    }

    /// See ``ReplyOrigin``.
    var origin: String { ReplyOrigin.text(baseURL: baseURL, model: model) }

    /// The base URL as it may be told.
    package var address: String { ReplyOrigin.address(of: baseURL) }

    /// What is known of the server before it is asked.
    package var profile: ProviderProfile {
        ProviderProfile(type: type ?? provider.rawValue, baseURL: baseURL, model: model)
    }

    /// What the model takes at once, in tokens: as the operator says, else what most take. A server that cuts silently
    /// is asked for as much.
    package var contextTokens: Int { tuning.context ?? (profile.cutsSilently ? 32_768 : 128_000) }

    /// Whether calls cost nothing, because the server is the operator's own.
    var isFree: Bool { [.ollama, .gpt4all].contains(provider) && !model.lowercased().hasSuffix("cloud") }

    /// The provider as a model that is asked once a call.
    package func model(
        client: HTTPClient, profile: ProviderProfile? = nil, timeout: ModelTimeout = .init(),
        keepReply: @escaping @Sendable (UnreadableReply) -> Void = { _ in }
    ) -> OpenAICompatibleModel {
        let (row, profile) = (provider.row, profile ?? self.profile)
        var extra = tuning.extra
        if profile.cutsSilently {
            let options: [String: JSONValue] = ["num_ctx": .int(contextTokens)]
            extra["options"] = .object(options.merging(extra["options"]?.objectValue ?? [:]) { $1 })
        }
        return OpenAICompatibleModel(
            baseURL: baseURL, apiKey: key, extraHeaders: row.extraHeaders.sorted { $0.key < $1.key }.map { ($0, $1) },
            profile: profile, extraBody: extra, client: client, deadline: timeout.whole, idleTimeout: timeout.first,
            keepReply: keepReply)
    }
}

extension ModelEndpoint {
    /// `error`, with what to do where a server of the operator's own is not there.
    func hinting(_ error: ModelError) -> ModelError {
        let isAway = error.code == .unavailable && !error.message.hasPrefix("status ")
        var error = error
        switch provider {
        // While it is not enabled, the application says that nobody is authorised.
        case .gpt4all where isAway || error.code == .unauthorized:
            error.message += "; is GPT4All's local API server enabled, at \(address)?"
        case .ollama where isAway: error.message += "; does `ollama serve` run, at \(address)?"
        default: break
        }
        return error
    }

    /// The window that Ollama gave the model when it loaded it; `nil` if it does not say.
    func loadedWindow(client: HTTPClient) async -> Int? {
        let root = baseURL.hasSuffix("/v1") ? String(baseURL.dropLast(3)) : baseURL
        let request = HTTPRequest(url: "\(root)/api/ps", timeout: .seconds(5), connectTimeout: .seconds(5))
        guard let response = try? await client.send(request), response.isSuccess,
            let models = (try? JSONValue(parsing: response.body))?["models"]?.arrayValue
        else { return nil }
        let names = [model, "\(model):latest"]
        let loaded = models.first { names.contains($0["name"]?.stringValue ?? $0["model"]?.stringValue ?? "") }
        return loaded?["context_length"]?.intValue.flatMap { $0 >= 1024 ? $0 : nil }
    }
}
