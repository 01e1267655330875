/// The providers that can be chosen, one row each.
package enum ModelProvider: String, Sendable, CaseIterable, Codable {
    case openrouter, openai, anthropic, ollama, gpt4all
    /// Any other server that speaks OpenAI's chat completions.
    case compatible

    /// What sets a provider apart from the others.
    package struct Row: Sendable {
        /// Where it is, unless ``baseURLVariable`` says otherwise; `nil` if that must be given.
        package var baseURL: String?
        /// The setting that holds another base URL.
        package var baseURLVariable: String?
        /// The setting that holds the key.
        package var keyVariable: String?
        /// Whether it answers without a key.
        package var worksWithoutKey = false
        /// The model that is asked when none is named; `nil` if one must be named.
        package var defaultModel: String?
        /// Whether the base URL lacks the `/v1` of OpenAI's paths.
        package var addsVersion = false
        package var extraHeaders: [String: String] = [:]
        /// What tells without cost whether the key is valid; OpenRouter lists its models to anyone.
        package var probePath = "models"
    }

    /// The default of `agent.model` in the contract.
    private static let contractModel = "z-ai/glm-4.6:exacto"

    package var row: Row {
        switch self {
        case .openrouter:
            Row(
                baseURL: "https://openrouter.ai/api/v1", baseURLVariable: "OPENROUTER_BASE_URL",
                keyVariable: "OPENROUTER_API_KEY",
                defaultModel: Self.contractModel, extraHeaders: ["X-Title": "Automata"],
                probePath: "key")
        case .openai:
            Row(
                baseURL: "https://api.openai.com/v1", baseURLVariable: "OPENAI_BASE_URL",
                keyVariable: "OPENAI_API_KEY", defaultModel: "gpt-5-mini")
        case .anthropic:
            Row(
                baseURL: "https://api.anthropic.com/v1", keyVariable: "ANTHROPIC_API_KEY",
                defaultModel: "claude-sonnet-4-5")
        case .ollama:
            Row(
                baseURL: "http://localhost:11434", baseURLVariable: "OLLAMA_BASE_URL", worksWithoutKey: true,
                defaultModel: "qwen3-coder", addsVersion: true)
        case .gpt4all:
            Row(
                baseURL: "http://localhost:4891/v1", baseURLVariable: "GPT4ALL_BASE_URL", worksWithoutKey: true,
                addsVersion: true)
        case .compatible:
            // The contract's default model: gateways in front of OpenRouter know it too.
            Row(
                baseURLVariable: "OPENAI_BASE_URL", keyVariable: "OPENAI_API_KEY", worksWithoutKey: true,
                defaultModel: Self.contractModel)
        }
    }
}
