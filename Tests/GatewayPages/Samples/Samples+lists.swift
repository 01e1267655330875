@testable import GatewayPages

extension Samples {
    private func row(
        _ id: String, _ title: String, _ status: String, stage: String? = nil, tool: String? = nil,
        waits: String? = nil,
        cost: Double, limit: Double? = nil, tags: [String] = [], age: Double
    ) -> TaskRow {
        TaskRow(
            name: name(id), title: s(title), status: Badge(status: status), stage: stage.map(s), tool: tool.map(s),
            waits: waits.map { s(Words.waiting(for: $0)) }, cost: Amount.money(cost),
            budget: limit.map { Bar(spent: cost, of: $0) }, priority: 5, tags: tags.map(tag), created: ago(age),
            duration: Amount.duration(age * 0.9))
    }

    var rows: [TaskRow] {
        [
            row(
                "fix-login", "Repair the login form after the session cookie change", "running",
                stage: "implementation, round 2", tool: "run_shell_command", cost: 0.8312, limit: 2,
                tags: ["auth", "bug"], age: 1320),
            row(
                "add-health", "Create a FastAPI health check endpoint", "awaiting_approval", stage: "push",
                waits: "approval", cost: 0.2204, limit: 0.25, tags: ["api"], age: 4100),
            row(
                "upgrade-deps", "Upgrade all dependencies", "queued", stage: "plan", waits: "worker", cost: 0, age: 190),
            row(
                "import-orders", "Import orders from the old shop", "paused", stage: "implementation", waits: "pause",
                cost: 1.91, age: 9100),
            row("dark-mode", "A dark theme", "completed", cost: 0.4, age: 20_000),
            row(
                "flaky-test", "Find out why the payment test is flaky", "validation_failed", cost: 1.75, limit: 1.75,
                tags: ["bug"], age: 31_000),
            row("rename", "Rename the billing module", "cancelled", cost: 0.02, age: 200_000),
            row("docs", "Bring the README up to date", "completed_no_changes", cost: 0.0042, age: 400_000),
        ]
    }

    var tasks: TasksPage {
        TasksPage(
            tabs: [
                Tab("All", to: "/tasks", isCurrent: true, count: 1_012_441),
                Tab("Open", to: "/tasks?status=open", isCurrent: false, count: 20),
                Tab("For you", to: "/tasks?status=awaiting_approval", isCurrent: false, count: 2),
                Tab("Failed", to: "/tasks?status=failed", isCurrent: false),
            ],
            filter: TaskFilter(
                companies: Choice.list([s("acme"), "globex"], chosen: nil, all: "all"),
                statuses: Choice.list(["queued", "running", "completed"], chosen: nil, all: "any"), project: s(""),
                tag: s(""), text: s("")),
            filterFields: [HiddenField("text", s("login"))], rows: rows, matching: "1,204",
            pager: pager("8 tasks", "/tasks"))
    }

    var bulk: BulkPage {
        BulkPage(
            action: "cancel", count: 37, skipped: 3, first: Array(rows.prefix(3)),
            fields: [HiddenField("action", "cancel"), HiddenField("task", s("acme/web/fix-login"))])
    }

    var queue: QueuePage {
        QueuePage(
            summary: queueSummary, kinds: Choice.list(["plan", "push"], chosen: nil, all: "all"),
            statuses: Choice.list(["held", "ready", "leased"], chosen: nil, all: "any"),
            rows: [
                .init(
                    task: name("fix-login"), kind: "implementation", stage: "implementation, round 2",
                    status: Badge(status: "leased"), priority: 5, attempts: 1, owner: s("coder-1"), since: ago(74)),
                .init(
                    task: name("import-orders"), kind: "implementation", stage: "implementation",
                    status: Badge(status: "ready"), waits: s(Words.waiting(for: "retry")), runAt: ago(-40), priority: 3,
                    attempts: 2, error: s("model_unavailable: 503")),
            ], pager: pager("2 steps", "/queue"))
    }

    var logs: LogsPage {
        func line(_ n: Int, _ level: String, _ service: String, _ text: String, task: Bool = false) -> LogLine {
            LogLine(
                cursor: "\(n)", at: ago(Double(60 - n)), level: level, service: s(service),
                task: task ? name("fix-login") : nil, message: s(text), fields: [(s("attempt"), s("\(n)"))])
        }
        return LogsPage(
            services: Choice.list(["coder", "planner"], chosen: nil, all: "all"),
            levels: Choice.list(["debug", "info", "warning", "error"], chosen: "info"), task: s(""), text: s(""),
            lines: [
                line(1, "info", "planner-1", "run claimed", task: true), line(2, "debug", "coder-1", "tool called"),
                line(3, "warning", "coder-1", "model call failed, it is tried again", task: true),
                line(4, "error", "pusher-1", "the remote refused the push: protected branch", task: true),
                line(5, "info", "notifier-1", "outbox is empty"),
            ], pager: pager("5 lines", "/logs"))
    }

    var reports: ReportsPage {
        ReportsPage(
            rows: [
                .init(
                    id: s("12"), title: s("Week 48"), kind: Badge("Checkpoint", .warn), scope: "platform",
                    period: "2026-11-21 to 2026-11-28", created: ago(7200)),
                .init(
                    id: "11", title: "Week 47 of acme", kind: Badge("Asked for", .quiet), scope: s("acme"),
                    period: "2026-11-14 to 2026-11-21", created: ago(700_000), actor: s("bob")),
            ], charts: charts, companies: Choice.list([s("acme")], chosen: nil, all: "platform"),
            pager: pager("2 reports", "/reports"))
    }

    var report: ReportPage {
        ReportPage(
            id: "12", title: s("Week 48"),
            facts: [Fact("Of", "platform"), Fact("Written", ago(7200)), Fact("Kind", "weekly checkpoint")],
            markdown: """
                ## Summary

                **113** tasks ended, *94 %* with success \(s("x")). See [the tasks](/tasks?status=failed) or
                [the manual](https://example.com/manual), not [this](javascript:alert(1)).

                | Model | Calls | Spend |
                |---|---:|---:|
                | `z-ai/glm-4.6` | 5,210 | $31.20 |
                | `claude-sonnet` | 802 | $22.84 |

                ## Errors

                1. `model_unavailable`, 14 times
                   - add a fallback for `z-ai/glm-4.6`
                2. `validation_failed`, 6 times

                > Raise the concurrency of coders: work waited 41 % of the time.

                ```sh
                automata control --raise coder=4
                ```
                """)
    }
}
