import FoundationEssentials
import Foundations

@testable import GatewayPages

/// Pages as they could stand, for what is to hold of every page.
struct Samples: Sendable {
    /// What is done to every value that comes from outside.
    var spoil: @Sendable (String) -> String = { $0 }
    var role = Visitor.Role.admin

    static let now = Date(timeIntervalSince1970: 1_795_858_272)

    var now: Date { Self.now }
    func ago(_ seconds: Double) -> Moment { Moment(Self.now.addingTimeInterval(-seconds), now: Self.now) }
    func s(_ text: String) -> String { spoil(text) }

    func visitor(_ page: String) -> Visitor {
        Visitor(name: s("alice"), role: role, csrf: s("a1b2c3"), page: page)
    }

    func name(_ task: String, project: String = "web", company: String = "acme") -> TaskName {
        TaskName(company: s(company), project: s(project), task: s(task))
    }

    func tag(_ text: String) -> Link { Link(s(text), to: Place.query("/tasks", [("tag", s(text))])) }

    func pager(_ count: String, _ path: String) -> Pager {
        Pager(count, path: path, filter: [("text", s("login"))], cursor: "x", next: s("2026~7f"))
    }

    /// The pages as who may do everything sees them.
    static let plain = Samples().pages

    /// Every page, by the name of a file.
    var pages: [(name: String, html: String)] {
        [
            ("fleet", fleet.render(in: frame("/", stream: "/stream?fleet"))),
            ("tasks", tasks.render(in: frame("/tasks?text=login", stream: "/stream?tasks"))),
            ("task", task(.overview(overview), .overview).render(in: frame("/tasks/acme/web/fix-login", stream: "/s"))),
            (
                "timeline",
                task(.timeline(timeline), .timeline).render(in: frame("/tasks/acme/web/fix-login?view=timeline"))
            ),
            ("diff", task(.diff(diff), .diff).render(in: frame("/tasks/acme/web/fix-login?view=diff"))),
            ("validation", task(.validation(validation), .validation).render(in: frame("/t?view=validation"))),
            ("evidence", task(.evidence(evidence), .evidence).render(in: frame("/t?view=evidence"))),
            ("events", task(.events(events), .events).render(in: frame("/t?view=events"))),
            ("transcript", task(.transcript(transcript), .transcript).render(in: frame("/t?view=transcript"))),
            ("new-task", NewTaskPage(form: taskForm).render(in: frame("/tasks/new"))),
            ("bulk", bulk.render(in: frame("/tasks"))),
            ("queue", queue.render(in: frame("/queue", stream: "/stream?queue"))),
            ("models", ModelsPage(models: models, charts: charts).render(in: frame("/models"))),
            ("logs", logs.render(in: frame("/logs", stream: "/stream?logs"))),
            ("reports", reports.render(in: frame("/reports"))),
            ("report", report.render(in: frame("/reports/1"))),
            ("settings", settings.render(in: frame("/settings"))),
            ("projects", projects.render(in: frame("/projects"))),
            ("project", project.render(in: frame("/projects/acme/web"))),
            ("sign-in", SignInPage(error: s("There is no such token."), next: s("/tasks")).render(in: stranger)),
            ("not-found", ProblemPage.notFound(s("There is no task of this name.")).render(in: frame("/x"))),
            ("unavailable", ProblemPage.unavailable().render(in: frame("/x"))),
            ("forbidden", ProblemPage.forbidden().render(in: stranger)),
        ]
    }

    func frame(_ page: String, stream: String? = nil) -> Frame {
        Frame(
            visitor(page), notice: page == "/queue" ? .init(s("acme/web/fix-login goes on.")) : nil,
            hold: page == "/models" ? .init(s("Weekly checkpoint; report 12 is written."), since: ago(7200)) : nil,
            stream: stream)
    }

    var stranger: Frame { Frame(visitor("/sign-in"), isSignedIn: false) }
}
