import Foundations

/// The table of providers. `deploy/PROVIDERS.md` says where each row is from.
extension ProviderProfile {
    /// A provider, or a family of models that keeps its ways behind whatever gateway.
    package struct Row: Sendable {
        /// As `MODEL_TYPE` may name it.
        package let name: String
        /// Where it is, unless the operator says otherwise; `nil` if that has to be said.
        package var baseURL: String?
        /// Ends of its host names, or a port as `:11434`.
        var hosts: [String] = []
        /// Parts of the names of its models.
        var models: [String] = []
        var adjust: @Sendable (inout ProviderProfile) -> Void = { _ in }
    }

    package static let rows: [Row] = [
        Row(name: "openai", hosts: ["api.openai.com"]) { $0.limitField = "max_completion_tokens" },
        Row(name: "azure", hosts: [".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com"]) {
            $0.limitField = "max_completion_tokens"
        },
        Row(name: "openrouter", hosts: ["openrouter.ai"]) { $0.asksForCost = true },
        Row(name: "bedrock", hosts: [".amazonaws.com"]),
        Row(
            name: "groq", baseURL: "https://api.groq.com/openai/v1", hosts: ["api.groq.com"],
            adjust: { $0.omittedMembers = ["reasoning_content", "reasoning_details"] }),
        Row(name: "ollama", hosts: [":11434"]) { $0.cutsSilently = true },
        // It refuses streams, tools and their results, and its default is 16 tokens.
        Row(name: "gpt4all", hosts: [":4891"]) {
            $0.writesCalls = true
            $0.order = .alternating
            $0.streams = false
            $0.replyRoom = 4096
        },
        Row(name: "vllm"),
        Row(name: "lmstudio", hosts: [":1234"]),
        Row(name: "llamacpp"),
        Row(name: "xai", baseURL: "https://api.x.ai/v1", hosts: ["api.x.ai"]),
        Row(name: "zai", baseURL: "https://api.z.ai/api/paas/v4", hosts: ["api.z.ai", "open.bigmodel.cn"]),
        Row(name: "anthropic", hosts: ["api.anthropic.com"], models: ["claude"]),
        Row(
            name: "gemini", baseURL: "https://generativelanguage.googleapis.com/v1beta/openai",
            hosts: [".googleapis.com"], models: ["gemini"],
            adjust: { $0.omittedKeywords = ["additionalProperties", "$schema"] }),
        Row(
            name: "mistral", baseURL: "https://api.mistral.ai/v1", hosts: ["api.mistral.ai"],
            models: ["mistral", "mixtral", "devstral", "codestral", "ministral", "magistral"],
            adjust: {
                $0.idForm = .nine
                $0.order = .bridged
            }),
        Row(
            name: "deepseek", baseURL: "https://api.deepseek.com/v1", hosts: ["api.deepseek.com"], models: ["deepseek"]),
        // The templates of its models read the ids, which have dots and colons.
        Row(
            name: "moonshot", baseURL: "https://api.moonshot.ai/v1",
            hosts: ["api.moonshot.ai", "api.moonshot.cn", "api.kimi.com"], models: ["kimi"],
            adjust: { $0.idForm = .lenient }),
    ]

    /// The row that `MODEL_TYPE` names.
    package static func row(named name: String) -> Row? { rows.first { $0.name == name.lowercased() } }

    /// What is known of `model` at `baseURL`: the row of the server, then the one of the model's family.
    package init(type: String? = nil, baseURL: String, model: String) {
        self.init()
        let authority = Self.authority(of: baseURL)
        let server =
            Self.rows.first { row in row.hosts.contains { authority.hasSuffix($0) } }
            ?? type.flatMap { Self.row(named: $0) }
        let model = model.lowercased()
        let family = Self.rows.first { row in row.models.contains { model.contains($0) } }
        server?.adjust(&self)
        if family?.name != server?.name { family?.adjust(&self) }
    }

    /// Host and port of a URL, in lower case.
    private static func authority(of url: String) -> Substring {
        let rest = url.lowercased().split(separator: "://", maxSplits: 1).last ?? ""
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        return authority.split(separator: "@").last ?? authority
    }
}
