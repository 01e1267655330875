import Foundations

/// Which models may be asked and how, as the operator set it: the settings that begin with `MODEL_`, keys, base URLs.
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
    package var timeout = ModelTimeout()
    package var unknownPrice = UnknownPrice.tell
    /// What holds for every model.
    package var tuning = ModelTuning()
    /// What holds for some, by their names.
    package var file = ModelFile()
    /// The model that GPT4All's server is asked for when none is named.
    private var gpt4allModel: String?
    /// The first setting that cannot be read.
    private var problem: ModelSettingsError?

    /// Tokens that a model can take at once, and that a reply can have.
    static let contexts = 1024...20_000_000
    static let replies = 16...2_000_000

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

    /// Reads the settings by their names; `lookup` gives the value of one, empty counts as not set. What cannot be read
    /// is told by ``resolve(model:fallbacks:)``.
    ///
    /// - Parameter read: The content of a file, `nil` if it cannot be read.
    package init(_ lookup: (String) -> String?, read: (String) -> String? = { _ in nil }) {
        // A key out of a file may end with a line.
        func value(_ name: String) -> String? { lookup(name).map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 } }
        let rows = ModelProvider.allCases.map(\.row)
        self.init(
            type: value("MODEL_TYPE"), name: value("MODEL_NAME"),
            fallbacks: (value("MODEL_FALLBACKS") ?? "").split { $0 == "," || $0.isWhitespace }.map(String.init))
        for name in rows.compactMap(\.keyVariable) { keys[name] = value(name).map { Secret($0) } }
        for name in rows.compactMap(\.baseURLVariable) { baseURLs[name] = value(name) }
        if let path = value("GPT4ALL_MODEL_PATH") { gpt4allModel = path.split(separator: "/").last.map(String.init) }
        do throws(ModelSettingsError) {
            try readTuning(value)
            if let path = value("MODEL_FILE") {
                guard let text = read(path) else { throw ModelSettingsError("MODEL_FILE", "cannot be read") }
                file = try ModelFile(parsing: text)
            }
        } catch {
            problem = error
        }
    }

    private mutating func readTuning(_ value: (String) -> String?) throws(ModelSettingsError) {
        func number(_ name: String, _ range: ClosedRange<Int>) throws(ModelSettingsError) -> Int? {
            guard let text = value(name) else { return nil }
            guard let number = Int(text), range.contains(number) else {
                throw ModelSettingsError(name, "is not a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        tuning.context = try number("MODEL_CONTEXT", Self.contexts)
        tuning.maxTokens = try number("MODEL_MAX_TOKENS", Self.replies)
        if let text = value("MODEL_TEMPERATURE") {
            guard let number = Double(text), (0...2).contains(number) else {
                throw ModelSettingsError("MODEL_TEMPERATURE", "is not a number from 0 to 2")
            }
            tuning.temperature = number
        }
        if let text = value("MODEL_TIMEOUT") {
            guard let limits = ModelTimeout(text) else {
                throw ModelSettingsError("MODEL_TIMEOUT", "is not first/whole in seconds, such as 600/1800")
            }
            timeout = limits
        }
        if let text = value("MODEL_UNKNOWN_PRICE") {
            guard let policy = UnknownPrice(text) else {
                throw ModelSettingsError(
                    "MODEL_UNKNOWN_PRICE", "is none of tell, refuse, or US dollars for a million tokens")
            }
            unknownPrice = policy
        }
    }

    /// The endpoints to ask for `model`, in order; `nil` or empty is the configured model.
    ///
    /// A model is a name at the configured provider, or `provider:name` where that provider is set up.
    ///
    /// - Parameter others: The models to ask after it; `nil` for ``fallbacks``.
    package func resolve(
        model: String? = nil, fallbacks others: [String]? = nil
    ) throws(ModelSettingsError) -> [ModelEndpoint] {
        if let problem { throw problem }
        let provider = try defaultProvider()
        let wanted = model.flatMap { $0.isEmpty ? nil : $0 } ?? name
        var endpoints = [try endpoint(wanted, default: provider)]
        for fallback in others ?? fallbacks {
            let endpoint = try endpoint(fallback, default: provider)
            if !endpoints.contains(endpoint) { endpoints.append(endpoint) }
        }
        return endpoints
    }

    /// The provider that `MODEL_TYPE` names, else the first one for which a key or a base URL is set.
    package func defaultProvider() throws(ModelSettingsError) -> ModelProvider {
        if let type {
            if let provider = ModelProvider(rawValue: type.lowercased()) { return provider }
            if ProviderProfile.row(named: type) != nil { return .compatible }
            let known = ModelProvider.allCases.map(\.rawValue)
            let names = known + ProviderProfile.rows.map(\.name).filter { !known.contains($0) }
            throw ModelSettingsError("MODEL_TYPE", "is none of \(names.joined(separator: ", "))")
        }
        for provider in ModelProvider.allCases {
            if let variable = provider.row.keyVariable, !provider.row.worksWithoutKey, hasKey(variable) {
                return provider
            }
        }
        if baseURLs["OPENAI_BASE_URL"] != nil { return .compatible }
        if baseURLs["OLLAMA_BASE_URL"] != nil { return .ollama }
        if baseURLs["GPT4ALL_BASE_URL"] != nil || gpt4allModel != nil { return .gpt4all }
        throw ModelSettingsError(
            "OPENROUTER_API_KEY",
            "is missing; set it, or OPENAI_API_KEY, ANTHROPIC_API_KEY, OPENAI_BASE_URL, OLLAMA_BASE_URL, "
                + "GPT4ALL_BASE_URL or MODEL_TYPE")
    }

    private func hasKey(_ variable: String) -> Bool { keys[variable].map { !$0.isEmpty } ?? false }

    private func endpoint(
        _ wanted: String?, default provider: ModelProvider
    ) throws(ModelSettingsError) -> ModelEndpoint {
        var (provider, model) = (provider, wanted ?? defaultModel(of: provider))
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
        return ModelEndpoint(
            provider: provider, baseURL: try baseURL(of: provider), key: key, model: model,
            type: provider == .compatible ? namedRow?.name : nil, tuning: file.tuning(of: model).over(tuning))
    }

    /// The row of a provider that `MODEL_TYPE` names without being one of ``ModelProvider``.
    private var namedRow: ProviderProfile.Row? {
        type.flatMap { ModelProvider(rawValue: $0.lowercased()) == nil ? ProviderProfile.row(named: $0) : nil }
    }

    private func defaultModel(of provider: ModelProvider) -> String? {
        provider == .gpt4all ? gpt4allModel : namedRow == nil ? provider.row.defaultModel : nil
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
        let named = provider == .compatible ? namedRow?.baseURL : nil
        guard var url = row.baseURLVariable.flatMap({ baseURLs[$0] }) ?? named ?? row.baseURL else {
            throw ModelSettingsError(row.baseURLVariable ?? "MODEL_TYPE", "is missing; \(provider.rawValue) needs it")
        }
        guard url.hasPrefix("http://") || url.hasPrefix("https://"),
            url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !url.contains("?"), !url.contains("#")
        else {
            throw ModelSettingsError(row.baseURLVariable ?? "MODEL_TYPE", "is not an http or https URL without a query")
        }
        while url.hasSuffix("/") { url.removeLast() }
        // The whole address of calls is what many pages show.
        if url.hasSuffix("/chat/completions") { url.removeLast("/chat/completions".count) }
        return row.addsVersion && !url.hasSuffix("/v1") ? url + "/v1" : url
    }
}
