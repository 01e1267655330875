@testable import GatewayPages

extension Samples {
    var fleet: FleetPage {
        FleetPage(
            status: status, charts: charts, replicas: replicas, queue: queueSummary, models: models, pushes: pushes,
            form: taskForm)
    }

    private var status: FleetStatus {
        FleetStatus(
            state: Badge("Running", .good), uptime: Amount.duration(1_043_000), nextCheckpoint: ago(-209_000),
            version: s("1.0.0"),
            figures: [
                .init(name: "Running", value: "6", detail: "of 12 places", href: "/tasks?status=running"),
                .init(name: "Waiting", value: "14", detail: "oldest 3 min", href: "/queue"),
                .init(name: "For you", value: "2", detail: "to approve", href: "/tasks?status=awaiting_approval"),
                .init(name: "Done today", value: "48", detail: "94 % with success"),
                .init(name: "Spent today", value: "$12.40", detail: "of $50.00"),
            ],
            parts: [
                .init(name: "Services", state: Badge("8 of 8", .good), detail: ""),
                .init(name: "Bus", state: Badge("Good", .good), detail: s("nats 2.9.10")),
                .init(name: "Database", state: Badge("Good", .good), detail: "3 ms"),
                .init(name: "Models", state: Badge("Degraded", .warn), detail: s("z-ai/glm-4.6 slow"), since: ago(480)),
            ])
    }

    var charts: Charts {
        let hours = (0..<24).map { "\($0 < 10 ? "0" : "")\($0):00" }
        let done = [3, 2, 1, 0, 0, 1, 2, 4, 7, 9, 8, 6, 5, 9, 12, 10, 8, 7, 6, 4, 3, 3, 2, 1]
        let failed = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 2, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0]
        return .operation(
            hours.indices.map { hour in
                let ended = done[hour] + failed[hour]
                let median = ended > 0 ? 200 + 14 * Double(done[hour]) + Double(hour * 37 % 60) : nil
                return .init(
                    hours[hour], succeeded: done[hour], failed: failed[hour], costUSD: 0.12 * Double(ended),
                    medianSeconds: median, p95Seconds: median.map { $0 * 2.3 })
            }, span: "24 hours", medianSeconds: 260)
    }

    private var replicas: ReplicaTable {
        ReplicaTable(rows: [
            .init(
                name: s("coder-1"), service: "coder", host: s("build-7"), version: "1.0.0", status: "running",
                work: [
                    .init(
                        task: name("fix-login"), stage: "implementation", tool: s("run_shell_command"), since: ago(74)),
                    .init(task: name("add-health"), stage: "implementation", tool: s("edit_file"), since: ago(9)),
                ], begun: ago(86_400 * 3), seen: ago(2), done: 1284, failed: 31),
            .init(
                name: "coder-2", service: "coder", host: "build-7", version: "1.0.0", status: "paused",
                begun: ago(5400), done: 412, failed: 9),
            .init(
                name: "planner-1", service: "planner", host: "build-7", version: "1.0.0", status: "idle",
                begun: ago(86_400 * 12), done: 1702, failed: 4),
            .init(
                name: "validator-1", service: "validator", host: "build-8", version: "1.0.0", status: "running",
                work: [.init(task: name("upgrade-deps", project: "api"), stage: "validation", since: ago(31))],
                begun: ago(86_400), done: 903, failed: 2),
            .init(
                name: "pusher-1", service: "pusher", host: "build-8", version: "1.0.0", status: "gone",
                begun: ago(86_400 * 2), seen: ago(95), done: 640, failed: 0),
        ])
    }

    var queueSummary: QueueSummary {
        QueueSummary(rows: [
            .init(kind: "plan", running: 1, ready: 0, held: 0, oldestSeconds: nil),
            .init(kind: "implementation", running: 4, ready: 9, held: 3, oldestSeconds: 184),
            .init(kind: "validation", running: 1, ready: 2, held: 0, oldestSeconds: 420),
            .init(kind: "push", running: 0, ready: 0, held: 2, oldestSeconds: nil),
        ])
    }

    var models: ModelTable {
        ModelTable(rows: [
            .init(
                name: s("z-ai/glm-4.6:exacto"), provider: s("OpenRouter"), role: "coder", status: "degraded",
                checked: ago(40), latencySeconds: 3.4, slowestSeconds: 18.2, calls: 5210, failures: 310,
                promptTokens: 41_200_000, completionTokens: 1_900_000, costUSD: 31.2,
                lastError: s("503: no provider has capacity")),
            .init(
                name: "anthropic/claude-sonnet", provider: "OpenRouter", role: "planner, fallback 1",
                status: "available", checked: ago(12), latencySeconds: 1.9, slowestSeconds: 6, calls: 802,
                failures: 3, promptTokens: 6_200_000, completionTokens: 210_000, costUSD: 22.84),
            .init(
                name: "codellama:7b-instruct", provider: "Ollama", role: "fallback 2", status: "unavailable",
                latencySeconds: nil, slowestSeconds: nil, calls: 0, failures: 0, promptTokens: 0,
                completionTokens: 0, costUSD: 0),
        ])
    }

    private var pushes: PushTable {
        PushTable(
            rows: [
                .init(
                    repository: s("git.example.com/web"), branch: s("feat/20261128-repair-the-login-form"),
                    commit: "9f3c2a71be04", task: name("fix-login"), at: ago(240)),
                .init(
                    repository: "git.example.com/api", branch: "feat/20261128-health-check", commit: "1ab22c90d1e0",
                    task: name("add-health", project: "api"), at: ago(4100)),
            ],
            repositories: [
                .init(name: s("git.example.com/web"), push: Badge("Auto-push on", .good)),
                .init(name: "git.example.com/api", push: Badge("Auto-push off", .quiet), detail: "project acme/api"),
            ])
    }

    var taskForm: TaskForm {
        TaskForm(projects: [Choice(s("acme/web"), isChosen: true), Choice("acme/api")], description: s(""))
    }
}
