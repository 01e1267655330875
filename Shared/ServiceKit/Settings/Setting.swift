/// One setting of the services: its name in the environment and in a settings file, and what it means.
package struct Setting: Sendable, Hashable {
    package let name: String
    /// Further names, for installations that come from elsewhere.
    package let aliases: [String]
    /// What holds when it is not given; `nil` where nothing does.
    package let fallback: String?
    package let isSecret: Bool
    package let help: String

    init(
        _ name: String, default fallback: String? = nil, aliases: [String] = [], isSecret: Bool = false,
        _ help: String
    ) {
        self.name = name
        self.aliases = aliases
        self.fallback = fallback
        self.isSecret = isSecret
        self.help = help
    }
}

extension Setting {
    /// Every setting, in the order in which `--help` lists them.
    package static let all: [Setting] = [
        Setting(
            "NATS_URL", default: "nats://127.0.0.1:4222", isSecret: true,
            "nats-server, or several separated by commas"),
        Setting("NATS_SUBJECT_PREFIX", default: "automata.workflows", "First tokens of every subject"),
        Setting("NATS_CREDENTIALS", "Path of a .creds file for nats-server"),
        Setting(
            "NATS_INBOX_PREFIX", default: "_INBOX",
            "First tokens of subjects for answers, which a user may be bound to"),
        Setting("NATS_STREAM_REPLICAS", default: "1", "Replicas of the stream in a cluster, 1 to 5"),
        Setting("DATABASE_URL", isSecret: true, "Postgres connection URL"),
        Setting("DATABASE_POOL_SIZE", default: "4", "Connections of one service, 1 to 64"),
        Setting(
            "MODEL_TYPE",
            "openrouter, openai, anthropic, ollama, gpt4all or compatible, or a row of deploy/PROVIDERS.md; else by the key that is set"
        ),
        Setting("MODEL_NAME", "Model of tasks that name none; else the provider's default"),
        Setting("MODEL_FALLBACKS", "Models to try when one is unavailable, separated by commas"),
        Setting(
            "MODEL_TIMEOUT", default: "600/1800",
            "Seconds a model may be silent, also before its first word, and after a slash those for a whole reply"),
        Setting("MODEL_MAX_TOKENS", "Tokens a reply may have; else the server's default, and more when a reply is cut"),
        Setting("MODEL_CONTEXT", "Tokens a model takes at once (128000, of Ollama 32768); Ollama is asked for as many"),
        Setting("MODEL_TEMPERATURE", "Sampling temperature, 0 to 2; else the server's default"),
        Setting(
            "MODEL_FILE", "JSON file by model: context, max_tokens, temperature, extra (fields of the body), price"),
        Setting(
            "MODEL_UNKNOWN_PRICE", default: "tell",
            "What a call of unknown price means for a money limit: tell, refuse, or dollars for a million tokens"),
        Setting("OPENROUTER_API_KEY", isSecret: true, "Key for openrouter.ai"),
        Setting("OPENROUTER_BASE_URL", "Base URL of OpenRouter, such as that of its servers in the EU"),
        Setting("OPENAI_API_KEY", isSecret: true, "Key for OpenAI, or for a compatible endpoint"),
        Setting("OPENAI_BASE_URL", "Base URL of an OpenAI-compatible endpoint"),
        Setting("ANTHROPIC_API_KEY", isSecret: true, "Key for Anthropic"),
        Setting("OLLAMA_BASE_URL", "Base URL of Ollama"),
        Setting("GPT4ALL_BASE_URL", "Base URL of GPT4All's local API server; else http://localhost:4891"),
        Setting("GPT4ALL_MODEL_PATH", "File of the model that this server is asked for, if MODEL_NAME is not set"),
        Setting("WEBHOOK_URL", aliases: ["ELIXIR_WEBHOOK_URL"], "Endpoint of tasks that name none"),
        Setting(
            "WEBHOOK_SECRET", aliases: ["ELIXIR_WEBHOOK_SECRET"], isSecret: true,
            "Signing secret (whsec_… or text); two separated by a blank during rotation"),
        Setting(
            "WEBHOOK_MASTER_KEY", isSecret: true,
            "32 bytes in base64; endpoints that tasks name get their company's secret of it; two during rotation"),
        Setting(
            "WEBHOOK_ALLOW_PRIVATE", default: "false", "Allow webhook targets in private and loopback networks"),
        Setting(
            "CHAT_WEBHOOK_URL", isSecret: true, "Incoming webhook of a chat, told how each task ended"),
        Setting("WORKER_CONCURRENCY", default: "4", "Tasks that one replica runs at a time, 1 to 10000"),
        Setting("MAX_RETRIES", default: "3", "How often a stage that failed by accident runs again, 0 to 100"),
        Setting(
            "MAX_ITERATIONS", default: "50", "Model turns of a round, where the task says nothing, 1 to 10000"),
        Setting(
            "TASK_TIMEOUT", default: "86400", "Seconds a task may take, where it says nothing, 1 to 2592000"),
        Setting(
            "LEASE_SECONDS", default: "30",
            "How long a stage, webhook or message belongs to a replica without a heartbeat, 1 to 3600"),
        Setting(
            "STEP_TIMEOUT", default: "3600",
            "Seconds without a finished step after which a stage is tried again, 1 to 86400"),
        Setting(
            "RETENTION_DAYS", default: "30", "Days that the work and the history of ended tasks are kept, 1 to 3650"),
        Setting("AUTOMATA_HOME", default: ".automata/home", "Folder of mirrors and work trees"),
        Setting("REPOSITORY_ALLOW_LOCAL", default: "false", "Allow remotes that are paths of this host"),
        Setting(
            "REPOSITORY_ALLOW_PRIVATE", default: "false", "Allow remotes in private and loopback networks"),
        Setting(
            "REPOSITORY_ALLOWED_HOSTS",
            "Hosts and ranges (10.1.0.0/16) that remotes may be at all the same, separated by commas"),
        Setting("GIT_AUTHOR", "Author of commits, such as Ada Lovelace <ada@example.com>, where the task names none"),
        Setting("GIT_COMMITTER", "Committer of commits, where the task names none; else the author"),
        Setting("SSH_KNOWN_HOSTS", "File of SSH host keys; hosts that it does not name are refused"),
        Setting(
            "AUTOMATA_MASTER_KEY", isSecret: true,
            "32 bytes in base64; the three keys below derive from it (planner, pusher, validator: never coders)"
        ),
        Setting("SEALING_KEY", isSecret: true, "Opens sealed credentials (planner, pusher)"),
        Setting("SIGNING_KEY", isSecret: true, "Signs evidence (validator)"),
        Setting("VERIFY_KEY", "Verifies evidence (pusher)"),
        Setting(
            "SANDBOX", default: "auto", "auto, bubblewrap or none (none runs commands unprotected)"),
        Setting(
            "SANDBOX_MEMORY", default: "4096", "Memory that one command may use, in MiB, 64 to 1048576"),
        Setting(
            "SANDBOX_PATHS",
            "Folders of tools outside of /usr and /opt that commands see, such as ~/.nvm, separated by commas"),
        Setting("SETUP_COMPANIES", "Companies whose tasks may install packages (validation.setup), or * for all"),
        Setting(
            "SETUP_HOSTS",
            "Hosts that packages may come from, such as pypi.org, *.example.com or nexus.corp.example:8081"),
        Setting("LOG_LEVEL", default: "info", "trace, debug, info, notice, warning, error or critical"),
        Setting("LOG_FORMAT", default: "text", "text or json, on standard error"),
        Setting(
            "HEALTH_PORT", "Port of /healthz, /readyz and /metrics; none by default, 0 takes a free one"),
        Setting("AUTOMATA_CRASH_AT", "For tests: the point at which the process kills itself, such as before-commit"),
    ]

    /// The settings as `--help` prints them.
    package static var help: String {
        let width = all.map(\.name.count).max() ?? 0
        return all.map { setting in
            let name = setting.name.padding(to: width)
            let fallback = setting.fallback.map { " (default: \($0))" } ?? ""
            let aliases =
                setting.aliases.isEmpty ? "" : " (also \(setting.aliases.joined(separator: ", ")))"
            return "  \(name)  \(setting.help)\(fallback)\(aliases)"
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
