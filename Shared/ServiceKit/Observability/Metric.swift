/// What a service counts or measures: its name at Prometheus, what it means, and what tells its series apart.
package struct Metric: Sendable {
    package enum Kind: Sendable, Hashable {
        /// Only grows.
        case counter
        case gauge
        /// Counts values by upper bounds, which ascend.
        case histogram([Double])
    }

    package let name: String
    package let kind: Kind
    package let help: String
    /// The names of the labels, in the order in which their values are given.
    package let labels: [String]

    init(_ name: String, _ kind: Kind, _ help: String, labels: [String] = []) {
        self.name = name
        self.kind = kind
        self.help = help
        self.labels = labels
    }

    /// From what a database answers in to what a person waits for, in seconds.
    private static let seconds: Kind = .histogram([0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200, 86_400])
}

/// Every metric: a row each. Labels have few values: never an id, a path or a URL.
extension Metric {
    // MARK: Stages
    package static let claims = Metric(
        "automata_claims_total", .counter, "Attempts to take work, by kind and whether there was some.",
        labels: ["kind", "result"])
    package static let leaseLosses = Metric(
        "automata_lease_losses_total", .counter, "Work that another replica took over or may have.", labels: ["kind"])
    package static let stageSeconds = Metric(
        "automata_stage_seconds", seconds, "How long runs of a stage took, by how they ended.",
        labels: ["stage", "outcome"])
    package static let stagesAbandoned = Metric(
        "automata_stages_abandoned_total", .counter, "Runs that did not end when they were told to.", labels: ["stage"])
    package static let running = Metric("automata_running", .gauge, "Work under way right now.", labels: ["kind"])
    package static let submissions = Metric(
        "automata_submissions_total", .counter, "Submissions: accepted, updated, known, or refused.", labels: ["result"]
    )
    package static let tasksEnded = Metric(
        "automata_tasks_ended_total", .counter, "Tasks whose end people were told of, by status.", labels: ["status"])
    package static let dutyHeld = Metric(
        "automata_duty_held", .gauge, "Whether this process does what one does for all.", labels: ["duty"])

    // MARK: Models and tools
    package static let modelCalls = Metric(
        "automata_model_calls_total", .counter, "Model calls with all their retries, by what they ended with.",
        labels: ["model", "result"])
    package static let modelSeconds = Metric(
        "automata_model_call_seconds", seconds, "How long model calls took, with all their retries.", labels: ["model"])
    package static let modelTokens = Metric(
        "automata_model_tokens_total", .counter, "Tokens of model calls, by kind: prompt or completion.",
        labels: ["model", "kind"])
    package static let modelCost = Metric(
        "automata_model_cost_dollars_total", .counter, "What model calls cost in US dollars.", labels: ["model"])
    package static let toolCalls = Metric(
        "automata_tool_calls_total", .counter, "Tool calls of models, by whether they did what was asked.",
        labels: ["tool", "result"])

    // MARK: Webhooks
    package static let webhookAttempts = Metric(
        "automata_webhook_attempts_total", .counter, "Attempts to deliver webhooks, by what followed.",
        labels: ["result"])
    package static let webhookSeconds = Metric(
        "automata_webhook_attempt_seconds", seconds, "How long attempts to deliver webhooks took.")
    package static let webhookDelay = Metric(
        "automata_webhook_delay_seconds", seconds, "From the end of a task to the delivery of its webhook.")

    // MARK: What waits, as notifiers see it
    package static let queueDepth = Metric(
        "automata_queue_depth", .gauge, "Runs that are held, ready or leased, 10000 at most.",
        labels: ["kind", "state"])
    package static let queueAge = Metric(
        "automata_queue_oldest_seconds", .gauge, "How long the oldest ready run has been due.", labels: ["kind"])
    package static let outboxDepth = Metric(
        "automata_outbox_unpublished", .gauge, "Messages that are not known to be on the stream, 10000 at most.")
    package static let outboxAge = Metric(
        "automata_outbox_oldest_seconds", .gauge, "How long the oldest unpublished message has waited.")
    package static let webhooksPending = Metric(
        "automata_webhooks_pending", .gauge, "Webhooks that are still being tried, 10000 at most.")
    package static let webhooksOverdue = Metric(
        "automata_webhooks_overdue_seconds", .gauge, "How long the oldest webhook that nobody delivers has been due.")
    package static let published = Metric(
        "automata_published_total", .counter, "Messages handed to the stream, by whether it took them.",
        labels: ["result"])

    // MARK: HTTP
    package static let httpRequests = Metric(
        "automata_http_requests_total", .counter, "Requests over HTTP, by route and status.",
        labels: ["route", "status"])
    package static let httpSeconds = Metric(
        "automata_http_request_seconds", seconds, "How long requests took, of streams until they began.",
        labels: ["route"])
    package static let httpStreams = Metric("automata_http_streams", .gauge, "Streams of events that are open.")

    // MARK: The process
    package static let build = Metric(
        "automata_build_info", .gauge, "Always 1; the labels say what runs.", labels: ["service", "version"])
    package static let busConnected = Metric("automata_bus_connected", .gauge, "1 if the bus is connected, else 0.")
    package static let connectionsInUse = Metric(
        "automata_database_connections_in_use", .gauge, "Connections to Postgres that are lent out.")
    package static let connections = Metric(
        "automata_database_connections_max", .gauge, "Connections to Postgres that there may be.")
    package static let connectionsAwaited = Metric(
        "automata_database_connections_awaited", .gauge, "Transactions that wait for a connection.")
    package static let logLinesDropped = Metric(
        "automata_log_lines_dropped_total", .counter, "Log lines that came faster than they could be recorded.")
    package static let cpuSeconds = Metric(
        "process_cpu_seconds_total", .counter, "Processor time, of user and system together.")
    package static let residentMemory = Metric("process_resident_memory_bytes", .gauge, "Resident memory.")
    package static let openFiles = Metric("process_open_fds", .gauge, "Open file descriptors.")
    package static let maxFiles = Metric("process_max_fds", .gauge, "File descriptors that may be open.")
    package static let startTime = Metric(
        "process_start_time_seconds", .gauge, "When the process started, in seconds since 1970.")
}
