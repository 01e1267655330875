// The settings, in the groups in which services read them. A setting that no row of ``ServiceKind`` leads to does not
// exist.

extension Setting {
    /// What every service reads.
    package static let common: [Setting] = [
        .natsURL, .subjectPrefix, .natsCredentials, .inboxPrefix, .streamReplicas, .databaseURL, .databasePoolSize,
        .lease, .logLevel, .logFormat, .logRecordLevel, .replicaName, .healthPort, .crashAt,
    ]

    package static let natsURL = Setting(
        "NATS_URL", default: "nats://127.0.0.1:4222", isSecret: true, "nats-server, or several separated by commas")
    package static let subjectPrefix = Setting(
        "NATS_SUBJECT_PREFIX", default: "automata.workflows", "First tokens of every subject")
    package static let natsCredentials = Setting("NATS_CREDENTIALS", "Path of a .creds file for nats-server")
    package static let inboxPrefix = Setting(
        "NATS_INBOX_PREFIX", default: "_INBOX",
        "First tokens of subjects for answers, which a user may be bound to")
    package static let streamReplicas = Setting(
        "NATS_STREAM_REPLICAS", default: "1", "Replicas of the stream in a cluster, 1 to 5")
    package static let databaseURL = Setting("DATABASE_URL", isSecret: true, "Postgres connection URL")
    package static let databasePoolSize = Setting(
        "DATABASE_POOL_SIZE", default: "4", "Connections of one service, 1 to 64")
    package static let lease = Setting(
        "LEASE_SECONDS", default: "30",
        "How long a stage, webhook or message belongs to a replica without a heartbeat, 1 to 3600")
    package static let logLevel = Setting(
        "LOG_LEVEL", default: "info", "trace, debug, info, notice, warning, error or critical")
    package static let logFormat = Setting("LOG_FORMAT", default: "text", "text or json, on standard error")
    package static let logRecordLevel = Setting(
        "LOG_RECORD_LEVEL", default: "info",
        "From which level on log lines are kept in Postgres too (`automata logs`), or none")
    package static let replicaName = Setting(
        "REPLICA_NAME", "Name of this process among the replicas; else made of service, host and process id")
    package static let healthPort = Setting(
        "HEALTH_PORT", "Port of /healthz, /readyz and /metrics; none by default, 0 takes a free one")
    package static let crashAt = Setting(
        "AUTOMATA_CRASH_AT", "For tests: the point at which the process kills itself, such as before-commit")
}

extension Setting {
    /// What every service reads that works on a stage.
    package static let stages: [Setting] = [
        .concurrency, .maxRetries, .stepTimeout, .home, .allowLocal, .allowPrivate, .allowedHosts,
    ]

    package static let concurrency = Setting(
        "WORKER_CONCURRENCY", default: "4", aliases: ["WORKER_COUNT"],
        "Tasks that one replica runs at a time, 1 to 10000")
    package static let maxRetries = Setting(
        "MAX_RETRIES", default: "3", "How often a stage that failed by accident runs again, 0 to 100")
    package static let stepTimeout = Setting(
        "STEP_TIMEOUT", default: "3600",
        "Seconds without a finished step after which a stage is tried again, 1 to 86400")
    package static let home = Setting("AUTOMATA_HOME", default: ".automata/home", "Folder of mirrors and work trees")
    package static let allowLocal = Setting(
        "REPOSITORY_ALLOW_LOCAL", default: "false", "Allow remotes that are paths of this host")
    package static let allowPrivate = Setting(
        "REPOSITORY_ALLOW_PRIVATE", default: "false", "Allow remotes in private and loopback networks")
    package static let allowedHosts = Setting(
        "REPOSITORY_ALLOWED_HOSTS",
        "Hosts and ranges (10.1.0.0/16) that remotes may be at all the same, separated by commas")
}

extension Setting {
    /// What leads to language models.
    package static let models: [Setting] = [
        .modelType, .modelName, .modelFallbacks, .modelTimeout, .modelMaxTokens, .modelContext, .modelTemperature,
        .modelFile, .modelUnknownPrice, .openRouterKey, .openRouterURL, .openAIKey, .openAIURL, .anthropicKey,
        .ollamaURL, .gpt4AllURL, .gpt4AllModel,
    ]

    package static let modelType = Setting(
        "MODEL_TYPE",
        "openrouter, openai, anthropic, ollama, gpt4all or compatible, or a row of deploy/PROVIDERS.md; else by the key that is set"
    )
    package static let modelName = Setting("MODEL_NAME", "Model of tasks that name none; else the provider's default")
    package static let modelFallbacks = Setting(
        "MODEL_FALLBACKS", "Models to try when one is unavailable, separated by commas")
    package static let modelTimeout = Setting(
        "MODEL_TIMEOUT", default: "600/1800",
        "Seconds a model may be silent, also before its first word, and after a slash those for a whole reply")
    package static let modelMaxTokens = Setting(
        "MODEL_MAX_TOKENS", "Tokens a reply may have; else the server's default, and more when a reply is cut")
    package static let modelContext = Setting(
        "MODEL_CONTEXT", "Tokens a model takes at once (128000, of Ollama 32768); Ollama is asked for as many")
    package static let modelTemperature = Setting(
        "MODEL_TEMPERATURE", "Sampling temperature, 0 to 2; else the server's default")
    package static let modelFile = Setting(
        "MODEL_FILE", "JSON file by model: context, max_tokens, temperature, extra (fields of the body), price")
    package static let modelUnknownPrice = Setting(
        "MODEL_UNKNOWN_PRICE", default: "tell",
        "What a call of unknown price means for a money limit: tell, refuse, or dollars for a million tokens")
    package static let openRouterKey = Setting("OPENROUTER_API_KEY", isSecret: true, "Key for openrouter.ai")
    package static let openRouterURL = Setting(
        "OPENROUTER_BASE_URL", "Base URL of OpenRouter, such as that of its servers in the EU")
    package static let openAIKey = Setting(
        "OPENAI_API_KEY", isSecret: true, "Key for OpenAI, or for a compatible endpoint")
    package static let openAIURL = Setting("OPENAI_BASE_URL", "Base URL of an OpenAI-compatible endpoint")
    package static let anthropicKey = Setting("ANTHROPIC_API_KEY", isSecret: true, "Key for Anthropic")
    package static let ollamaURL = Setting("OLLAMA_BASE_URL", "Base URL of Ollama")
    package static let gpt4AllURL = Setting(
        "GPT4ALL_BASE_URL", "Base URL of GPT4All's local API server; else http://localhost:4891")
    package static let gpt4AllModel = Setting(
        "GPT4ALL_MODEL_PATH", "File of the model that this server is asked for, if MODEL_NAME is not set")
}

extension Setting {
    /// What commands are run by, and what they may install.
    package static let sandbox: [Setting] = [
        .sandboxMode, .sandboxMemory, .sandboxPaths, .setupCompanies, .setupHosts,
    ]

    package static let sandboxMode = Setting(
        "SANDBOX", default: "auto", "auto, bubblewrap or none (none runs commands unprotected)")
    package static let sandboxMemory = Setting(
        "SANDBOX_MEMORY", default: "4096", "Memory that one command may use, in MiB, 64 to 1048576")
    package static let sandboxPaths = Setting(
        "SANDBOX_PATHS",
        "Folders of tools outside of /usr and /opt that commands see, such as ~/.nvm, separated by commas")
    package static let setupCompanies = Setting(
        "SETUP_COMPANIES", "Companies whose tasks may install packages (validation.setup), or * for all")
    package static let setupHosts = Setting(
        "SETUP_HOSTS", "Hosts that packages may come from, such as pypi.org, *.example.com or nexus.corp.example:8081")
}

extension Setting {
    /// The keys to credentials and evidence.
    package static let keys: [Setting] = [.masterKey, .sealingKey, .signingKey, .verifyKey]

    package static let masterKey = Setting(
        "AUTOMATA_MASTER_KEY", isSecret: true,
        "32 bytes in base64, from which SEALING_KEY, SIGNING_KEY and VERIFY_KEY derive; never for coders")
    /// Curve25519, private; 32 bytes in base64.
    package static let sealingKey = Setting("SEALING_KEY", isSecret: true, "Opens sealed credentials")
    /// Ed25519, private; 32 bytes in base64.
    package static let signingKey = Setting("SIGNING_KEY", isSecret: true, "Signs evidence")
    /// Ed25519, public; 32 bytes in base64.
    package static let verifyKey = Setting("VERIFY_KEY", "Verifies evidence")
}

extension Setting {
    /// What the HTTP interface goes by.
    package static let gateway: [Setting] = [
        .gatewayAddress, .gatewayProject, .gatewayOrigins, .gatewayOpen, .tasksFile,
    ]

    package static let gatewayAddress = Setting(
        "GATEWAY_ADDRESS", default: "127.0.0.1:5000", aliases: ["FLASK_PORT"],
        "Address and port of HTTP, or a port of the loopback address; port 0 takes a free one")
    package static let gatewayProject = Setting(
        "GATEWAY_PROJECT", "Company and project, such as acme/web, of tasks that POST /api/task names none for")
    package static let gatewayOrigins = Setting(
        "GATEWAY_ORIGINS",
        "Where it is found besides its own address, such as https://automata.example.com, separated by commas")
    package static let gatewayOpen = Setting(
        "GATEWAY_OPEN", default: "false",
        "Let programs of this host that are no browsers read, and add tasks by POST /api/task, without a token")
    package static let tasksFile = Setting(
        "TASKS_FILE", "File of tasks, in YAML, that are added, and changed while they wait, whenever it changes")
}

/// What few services read.
extension Setting {
    package static let taskTimeout = Setting(
        "TASK_TIMEOUT", default: "86400", "Seconds a task may take, where it says nothing, 1 to 2592000")
    package static let autoPush = Setting(
        "GIT_AUTO_PUSH", default: "true", "Whether what passed validation is pushed, where nothing else says")
    package static let author = Setting(
        "GIT_AUTHOR", "Author of commits, such as Ada Lovelace <ada@example.com>, where the task names none")
    package static let committer = Setting(
        "GIT_COMMITTER", "Committer of commits, where the task names none; else the author")
    package static let knownHosts = Setting(
        "SSH_KNOWN_HOSTS", "File of SSH host keys; hosts that it does not name are refused")
    package static let maxIterations = Setting(
        "MAX_ITERATIONS", default: "50", "Model turns of a round, where the task says nothing, 1 to 10000")
    package static let retention = Setting(
        "RETENTION_DAYS", default: "30", "Days that the work and the history of ended tasks are kept, 1 to 3650")
    package static let logRetention = Setting(
        "LOG_RETENTION_DAYS", default: "7", "Days that log lines are kept in Postgres, 1 to 3650")
    package static let checkpointDays = Setting(
        "CHECKPOINT_DAYS", default: "7",
        "Days after which work pauses for a report until somebody resumes it, 0 to 365; 0 is never")
    package static let chat = Setting(
        "CHAT_WEBHOOK_URL", isSecret: true,
        "Incoming webhook of a chat, told how tasks ended, and of approvals, budgets and checkpoints")
    package static let webhookURL = Setting(
        "WEBHOOK_URL", aliases: ["ELIXIR_WEBHOOK_URL"], "Endpoint of tasks that name none")
    package static let webhookSecret = Setting(
        "WEBHOOK_SECRET", aliases: ["ELIXIR_WEBHOOK_SECRET"], isSecret: true,
        "Signing secret (whsec_… or text); two separated by a blank during rotation")
    package static let webhookMasterKey = Setting(
        "WEBHOOK_MASTER_KEY", isSecret: true,
        "32 bytes in base64; endpoints that tasks name get their company's secret of it; two during rotation")
    package static let webhookAllowPrivate = Setting(
        "WEBHOOK_ALLOW_PRIVATE", default: "false", "Allow webhook targets in private and loopback networks")
}
