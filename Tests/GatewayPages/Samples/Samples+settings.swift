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
            settings: Form(
                action: Place.settingsAction,
                groups: [
                    .init(
                        "Models",
                        [
                            Field("model", "Model", value: s("z-ai/glm-4.6:exacto"), source: "platform"),
                            Field("planner_model", "Planner's model", fallback: s("as above"), source: "default"),
                            Field(
                                "fallbacks", "Fallbacks", .area, value: s("anthropic/claude-sonnet"),
                                help: "One a line, in the order in which they are tried.", source: "environment"),
                        ]),
                    .init(
                        "Tasks",
                        [
                            Field("max_iterations", "Turns in a round", .number, value: "50", source: "default"),
                            Field("task_timeout", "Seconds of a task", .number, value: "86400"),
                            Field("push", "Push what is validated", .flag, value: "true"),
                            Field(
                                "approval", "Approval", .choice,
                                choices: Choice.list(["none", "plan", "push"], chosen: "none")),
                        ]),
                    .init(
                        "Operation",
                        [
                            Field("checkpoint_days", "Days between checkpoints", .number, value: "7", help: "0 is never."),
                            Field("worker_concurrency.coder", "Tasks a coder runs at a time", .number, value: "4"),
                        ]),
                ], hidden: [HiddenField("company", s(""))]),
            limits: Form(
                action: Place.limitsAction,
                groups: [
                    .init(
                        "Limits",
                        [
                            Field("max_running", "Tasks at a time", .number, fallback: "no limit"),
                            Field("max_cost_usd_per_day", "US$ a day", .number, value: "50"),
                        ])
                ], error: s("max_running: expected a number from 1 on")),
            versions: versions)
    }

    private var projectForm: Form {
        Form(
            action: Place.projectAction,
            groups: [
                .init(
                    "Project",
                    [
                        Field("company", "Company", value: s("acme")), Field("project", "Name", value: s("web")),
                        Field("description", "Description", .area, value: s("The shop")),
                        Field("type", "Type", .choice, choices: Choice.list(["general", "library"], chosen: "general")),
                    ]),
                .init(
                    "Repository",
                    [
                        Field("remote_url", "Address", value: s("https://git.example.com/web.git")),
                        Field("branch", "Branch", fallback: "as the remote says"),
                        Field("access_token", "Access token", .secret, value: s("hunter2"), help: "Sealed; it is never shown."),
                    ]),
            ], submit: "Save project")
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
            ], pager: pager("2 projects", "/projects"), form: projectForm)
    }

    var project: ProjectPage {
        ProjectPage(
            company: s("acme"), project: s("web"), status: "active",
            facts: [
                Fact("Repository", Link(s("git.example.com/web"), outside: "https://git.example.com/web")),
                Fact("Tasks", Link("14 open", to: "/tasks?project=web")), Fact("Version", "3"),
            ], form: projectForm, versions: versions)
    }
}
