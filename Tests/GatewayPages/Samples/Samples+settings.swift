@testable import GatewayPages

extension Samples {
    private var versions: [SettingsPage.Version] {
        [
            .init(number: 4, at: ago(3600), actor: s("alice"), change: s("model: codellama → z-ai/glm-4.6:exacto")),
            .init(number: 3, at: ago(90_000), actor: "bob", change: "push: true → false"),
        ]
    }

    var settings: SettingsPage {
        SettingsPage(
            tabs: [
                Tab("Platform", to: "/settings", isCurrent: true),
                Tab(s("acme"), to: Place.query("/settings", [("company", s("acme"))]), isCurrent: false),
            ],
            standing: CompanyStanding(s("acme"), pausedBy: s("alice"), since: ago(600), status: "paused"),
            settings: .settings(
                .init(
                    [
                        "model": s("z-ai/glm-4.6:exacto"),
                        "fallbacks": s("anthropic/claude-sonnet\ncodellama:7b-instruct"),
                        "push": "true", "checkpoint_days": "7", "worker_concurrency.coder": "4",
                    ],
                    sources: ["model": "platform", "fallbacks": "environment"],
                    fallbacks: ["max_iterations": s("50"), "max_retries": "3", "task_timeout": "86400"]),
                services: ["planner", "coder", "validator", "pusher"]),
            limits: .limits(
                .init(["max_running": s("50")]), company: s("acme"),
                error: s("max_running: expected a number from 1 on")),
            versions: versions)
    }

    var projects: ProjectsPage {
        ProjectsPage(
            rows: [
                .init(
                    company: s("acme"), project: s("web"), description: s("The shop"), type: "web_application",
                    status: "active", repository: s("git.example.com/web"), open: 14, changed: ago(86_000)),
                .init(
                    company: "acme", project: "api", description: "", type: "library", status: "paused",
                    repository: "git.example.com/api", open: 0),
            ], pager: pager("2 projects", "/projects"), form: .project(.init()))
    }

    var project: ProjectPage {
        ProjectPage(
            company: s("acme"), project: s("web"), status: "active",
            facts: [
                Fact("Repository", Link(s("git.example.com/web"), outside: "https://git.example.com/web")),
                Fact("Tasks", Link("14 open", to: "/tasks?project=web")), Fact("Version", "3"),
            ],
            form: .project(
                .init([
                    "description": s("The shop"), "repository.remote_url": s("https://git.example.com/web.git"),
                    "repository.credentials.access_token": s("hunter2"), "type": "web_application", "status": "active",
                    "validation.commands": s("npm run lint\nnpm test"), "delivery.approval": "push",
                ]), of: (s("acme"), s("web"))), versions: versions)
    }
}
