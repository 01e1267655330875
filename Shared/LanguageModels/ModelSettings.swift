import Foundations

/// Which models may be asked, as the operator set it: `MODEL_TYPE`, `MODEL_NAME`, `MODEL_FALLBACKS`, keys, base URLs.
package struct ModelSettings: Sendable {
    /// A provider's name; `nil` chooses by what else is set.
    package var type: String?
    /// The model that is asked when a request names none; `nil` is the provider's default.
    package var name: String?
    /// Models that are asked in this order when the first is unavailable: a name at the same provider, or
    /// `provider:name`.
    package var fallbacks: [String]
    /// Keys by the setting that holds them, such as `OPENAI_API_KEY`.
    package var keys: [String: Secret]
    /// Base URLs by the setting that holds them, such as `OPENAI_BASE_URL`.
    package var baseURLs: [String: String]

    package init(
        type: String? = nil, name: String? = nil, fallbacks: [String] = [], keys: [String: Secret] = [:],
        baseURLs: [String: String] = [:]
    ) {
        self.type = type
        self.name = name
        self.fallbacks = fallbacks
        self.keys = keys
        self.baseURLs = baseURLs
    }

    /// Reads the settings by their names; `lookup` gives the value of one, empty counts as not set.
    package init(_ lookup: (String) -> String?) {
        func value(_ name: String) -> String? { lookup(name).flatMap { $0.isEmpty ? nil : $0 } }
        let rows = ModelProvider.allCases.map(\.row)
        self.init(
            type: value("MODEL_TYPE"), name: value("MODEL_NAME"),
            fallbacks: (value("MODEL_FALLBACKS") ?? "").split { $0 == "," || $0.isWhitespace }.map(String.init))
        for name in rows.compactMap(\.keyVariable) { keys[name] = value(name).map { Secret($0) } }
        for name in rows.compactMap(\.baseURLVariable) { baseURLs[name] = value(name) }
    }

    /// The endpoints to ask for `model`, in order; `nil` or empty is the configured model.
    ///
    /// A model is a name at the configured provider, or `provider:name` where that provider is set up.
    package func resolve(model: String? = nil) throws(ModelSettingsError) -> [ModelEndpoint] {
        let provider = try defaultProvider()
        let wanted = model.flatMap { $0.isEmpty ? nil : $0 } ?? name
        var endpoints = [try endpoint(wanted, default: provider)]
        for fallback in fallbacks {
            let endpoint = try endpoint(fallback, default: provider)
            if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
        }
        return endpoints
    }

    /// The provider that `MODEL_TYPE` names, else the first one for which a key or a base URL is set.
    package func defaultProvider() throws(ModelSettingsError) -> ModelProvider {
        if let type {
            guard let provider = ModelProvider(rawValue: type.lowercased()) else {
                let names = ModelProvider.allCases.map(\.rawValue).joined(separator: ", ")
                throw ModelSettingsError("MODEL_TYPE", "is none of \(names)")
            }
            return provider
        }
        for provider in ModelProvider.allCases {
            if let variable = provider.row.keyVariable, !provider.row.worksWithoutKey, hasKey(variable) {
                return provider
            }
        }
        if baseURLs["OPENAI_BASE_URL"] != nil { return .compatible }
        if baseURLs["OLLAMA_BASE_URL"] != nil { return .ollama }
        throw ModelSettingsError(
            "OPENROUTER_API_KEY",
            "is missing; set it, or OPENAI_API_KEY, ANTHROPIC_API_KEY, OPENAI_BASE_URL, OLLAMA_BASE_URL or MODEL_TYPE")
    }

    private func hasKey(_ variable: String) -> Bool { keys[variable].map { !$0.isEmpty } ?? false }

    private func endpoint(
        _ wanted: String?, default provider: ModelProvider
    ) throws(ModelSettingsError) -> ModelEndpoint {
        var (provider, model) = (provider, wanted ?? provider.row.defaultModel)
        if let wanted, let colon = wanted.firstIndex(of: ":"),
            let named = ModelProvider(rawValue: String(wanted[..<colon])),
            named == provider || isSetUp(named)
        {
            provider = named
            model = String(wanted[wanted.index(after: colon)...])
        }
        guard let model, !model.isEmpty else {
            throw ModelSettingsError("MODEL_NAME", "is missing; \(provider.rawValue) has no default model")
        }
        let row = provider.row
        let key = row.keyVariable.flatMap { keys[$0] }.flatMap { $0.isEmpty ? nil : $0 }
        if let variable = row.keyVariable, key == nil, !row.worksWithoutKey {
            throw ModelSettingsError(variable, "is missing; \(provider.rawValue) needs a key")
        }
        return ModelEndpoint(provider: provider, baseURL: try baseURL(of: provider), key: key, model: model)
    }

    /// Whether the operator gave what the provider needs; a name before a colon is otherwise part of the model's.
    private func isSetUp(_ provider: ModelProvider) -> Bool {
        let row = provider.row
        return row.worksWithoutKey
            ? row.baseURLVariable.map { baseURLs[$0] != nil } ?? false
            : row.keyVariable.map(hasKey) ?? false
    }

    private func baseURL(of provider: ModelProvider) throws(ModelSettingsError) -> String {
        let row = provider.row
        guard var url = row.baseURLVariable.flatMap({ baseURLs[$0] }) ?? row.baseURL else {
            throw ModelSettingsError(row.baseURLVariable ?? "MODEL_TYPE", "is missing; \(provider.rawValue) needs it")
        }
        guard url.hasPrefix("http://") || url.hasPrefix("https://"), url.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw ModelSettingsError(row.baseURLVariable ?? "MODEL_TYPE", "is not an http or https URL") }
        while url.hasSuffix("/") { url.removeLast() }
        return row.addsVersion && !url.hasSuffix("/v1") ? url + "/v1" : url
    }
}
