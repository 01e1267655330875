import FoundationEssentials

@testable import GatewayPages

extension Samples {
    func task(_ view: TaskView, _ chosen: TaskView.Name) -> TaskPage {
        TaskPage(
            head: head,
            controls: TaskControls(
                name("fix-login"), status: chosen == .diff ? "awaiting_approval" : "running",
                approval: .init(what: "push", summary: s("3 files, +48 −12")), maxCostUSD: 2),
            tabs: TaskPage.tabs(name("fix-login"), chosen: chosen),
            slider: chosen == .timeline
                ? TimeSlider(
                    action: name("fix-login").href, seq: 18, last: 42, at: ago(300), isLatest: false,
                    latestHref: name("fix-login").href, hidden: [HiddenField("view", "timeline")]) : nil,
            view: view)
    }

    private var head: TaskHead {
        TaskHead(
            name: name("fix-login"), title: s("Repair the login form after the session cookie change"),
            status: Badge(status: "running"), waits: s(Words.waiting(for: "retry")), waitsUntil: ago(-40),
            stages: [
                .init(name: "Plan", state: Badge(status: "done")),
                .init(name: "Implementation", state: Badge(status: "running"), round: "round 2", isCurrent: true),
                .init(name: "Validation", state: Badge("Failed", .bad), round: "round 1"),
                .init(name: "Push", state: Badge("Not yet", .quiet)),
            ],
            tool: s("run_shell_command: npm test -- login"), toolSince: ago(14),
            error: s("Validation failed: 2 of 130 tests"), cost: "$0.8312", budget: Bar(spent: 0.8312, of: 2),
            progress: Bar(0.6, label: "3 of 5 steps"),
            facts: [
                Fact("Branch", s("feat/20261128-repair-the-login-form"), isCode: true),
                Fact("Base", "4c1e9a27d0b3", isCode: true),
                Fact("Repository", Link(s("git.example.com/web"), outside: "https://git.example.com/web")),
                Fact("Replica", s("coder-1"), isCode: true), Fact("Model", s("z-ai/glm-4.6:exacto")),
                Fact("Calls", "38 · 412 k tokens"), Fact("Priority", "5"), Fact("Created", ago(1320)),
                Fact("Started", ago(1290)), Fact("Workflow", "0190a3c2-77aa-7b60-8c11-0e3f2a9b1c44", isCode: true),
            ], tags: [tag("auth"), tag("bug")])
    }

    var overview: TaskOverview {
        TaskOverview(
            description: s(
                """
                The login form rejects valid passwords since the cookie was renamed.
                Find out why, repair it, and add a test that would have caught it.
                """),
            requirements: [s("The old cookie is still read for a week"), "No change of the public API"],
            plan: .init(
                goal: s("Read both cookies, write the new one."),
                steps: [
                    .init(text: s("Reproduce the failure with a test"), isDone: true),
                    .init(text: "Read the old cookie where the new one is absent", isDone: true),
                    .init(text: "Write the new cookie on every login", isDone: true),
                    .init(text: "Expire the old cookie", isDone: false),
                    .init(text: "Run the whole suite", isDone: false),
                ], filesToCreate: [s("test/login.test.js")], filesToModify: ["src/session.js", "src/login.js"],
                validationCriteria: [s("npm test passes")]),
            children: Array(rows.prefix(2)), childCounts: s("1 running, 1 completed"),
            discoveries: [
                .init(
                    content: s("The session store drops cookies longer than 4 KB without a word."),
                    tags: [s("session")], created: ago(600))
            ],
            webhooks: [
                .init(
                    id: s("msg_01h"), url: s("https://hooks.example.com/automata"), status: Badge(status: "dead"),
                    attempts: 8, error: s("status 500"), mayReplay: true, action: name("fix-login").action)
            ])
    }

    var timeline: TimelineView {
        let start = now.addingTimeInterval(-1290)
        func run(_ text: String, _ state: String, _ from: Double, _ to: Double?, _ owner: String) -> TimelineView.Run {
            .init(
                s(text), state: Badge(status: state), began: start.addingTimeInterval(from),
                ended: to.map(start.addingTimeInterval), owner: s(owner), in: start..<now, now: now)
        }
        return TimelineView(
            runs: [
                run("Plan", "succeeded", 0, 96, "planner-1"), run("Implementation", "succeeded", 99, 640, "coder-1"),
                run("Validation", "failed", 644, 790, "validator-1"),
                run("Implementation, round 2", "running", 795, nil, "coder-1"),
            ],
            entries: [
                .init(at: ago(1290), kind: "workflow_started", text: s("Started")),
                .init(
                    at: ago(1194), tone: .good, kind: "plan_created", text: s("Planned 5 steps"), duration: "1 min 36 s"
                ),
                .init(
                    at: ago(1100), kind: "function_call", text: s("read_file: src/session.js"),
                    details: s("{\n  \"file_path\": \"src/session.js\"\n}"), duration: "4 ms"),
                .init(
                    at: ago(980), tone: .warn, kind: "function_call",
                    text: s("run_shell_command: npm test (exit 1)"), details: s("2 failing"), duration: "8.1 s"),
                .init(
                    at: ago(500), tone: .bad, kind: "validation_completed", text: s("Validation failed: 2 of 130 tests")
                ),
            ], isFull: true, other: Link("Compact", to: name("fix-login").href + "?view=timeline"))
    }

    var diff: DiffView {
        DiffView(
            patch: """
                diff --git a/src/session.js b/src/session.js
                index 1111111..2222222 100644
                --- a/src/session.js
                +++ b/src/session.js
                @@ -1,9 +1,12 @@ function read
                 // Reads the session of a request.
                 const NAME = 'sid2';
                +const OLD = 'sid'; // until December \(s("x"))
                 /* Several
                    lines. */
                 function read(request) {
                -  return request.cookies[NAME] || null;
                +  const value = request.cookies[NAME] ?? request.cookies[OLD];
                +  return value === undefined ? null : store.get(value, { ttl: 3600 });
                 }
                 module.exports = { read };
                diff --git a/test/login.test.js b/test/login.test.js
                new file mode 100644
                --- /dev/null
                +++ b/test/login.test.js
                @@ -0,0 +1,4 @@
                +test('reads the old cookie', () => {
                +  expect(read({ cookies: { sid: 'a' } })).toBe(`a`);
                +});
                +// \u{202e}hidden
                diff --git a/logo.png b/logo.png
                index 3333333..4444444 100644
                Binary files a/logo.png and b/logo.png differ

                """, base: "4c1e9a27d0b3aa01", head: "9f3c2a71be04cc02", isTruncated: true,
            patchHref: name("fix-login").href + "/diff.patch")
    }

    var validation: ValidationView {
        ValidationView(rounds: [
            .init(
                title: "Round 1", state: Badge("Failed", .bad), ended: ago(500), tests: "128 passed, 2 failed",
                issues: [s("login.test.js: the old cookie is not read")], suggestions: [s("Look at src/session.js")],
                commands: [
                    .init(s("npm run lint"), exitCode: 0, seconds: 3.4, output: s("clean")),
                    .init(s("npm test"), exitCode: 1, seconds: 41, output: s("  130 tests\n  2 failing\n\n  1) login")),
                ])
        ])
    }

    var evidence: EvidenceView {
        EvidenceView(
            items: [
                .init(
                    title: "Validation, round 2", state: Badge("Passed", .good), signed: ago(60),
                    facts: [
                        Fact("Tree", "b3a1c2d4e5f60718", isCode: true), Fact("Base", "4c1e9a27d0b3", isCode: true),
                        Fact("Setup", s("sha256:77aa"), isCode: true),
                    ], commands: [.init(command: s("npm test"), state: Badge("Exit 0", .good))],
                    signature: s("ed25519:Zm9vYmFy"), statement: s("{\n  \"tree\": \"b3a1\"\n}"))
            ], verify: s("automata verify acme/web/fix-login"))
    }

    var events: EventsView {
        EventsView(
            rows: [
                .init(
                    seq: 42, at: ago(14), type: "implementation_step", message: s("run_shell_command: npm test"),
                    details: s("{\"ok\": true}")),
                .init(seq: 41, at: ago(30), type: "implementation_step", message: s("edit_file: src/session.js")),
            ], pager: pager("2 events", "/tasks/acme/web/fix-login"))
    }

    var transcript: TranscriptView {
        TranscriptView(
            rows: [
                .init(
                    stage: "implementation, round 2", step: 12, kind: "tool", name: s("run_shell_command"),
                    state: Badge(status: "done"), at: ago(14), seconds: 8.1, text: s("130 passing")),
                .init(
                    stage: "implementation, round 2", step: 11, kind: "model", name: s("z-ai/glm-4.6:exacto"),
                    state: Badge(status: "done"), at: ago(22), seconds: 3.3, text: s("I will run the suite again.")),
            ], pager: pager("2 calls", "/tasks/acme/web/fix-login"))
    }
}
