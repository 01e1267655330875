import Contracts
import Foundation
import Foundations
import TaskStore
import Testing

@testable import Reports

/// What figures say to people.
@Suite struct ReportTests {
    private static let since = Date(timeIntervalSince1970: 1_795_253_400)

    /// A week with something of everything.
    static let week: Figures = {
        var figures = Figures(since: since, until: since + 7 * 86_400)
        figures.submitted = 21
        figures.open = .init(running: 3, ready: 2, held: 1)
        figures.ended = [
            .init(
                status: "completed", success: true, tasks: 12, medianSeconds: 412, p95Seconds: 3700, calls: 240,
                costUSD: 3.5),
            .init(
                status: "validation_failed", success: false, tasks: 4, medianSeconds: 900, p95Seconds: 7300, calls: 96,
                costUSD: 1.25),
            .init(
                status: "model_unavailable", success: false, tasks: 2, medianSeconds: 4.2, p95Seconds: 9, calls: 0,
                costUSD: 0),
        ]
        figures.days = [
            .init(day: "2026-11-21", ended: 8, succeeded: 7), .init(day: "2026-11-22", ended: 10, succeeded: 5),
        ]
        figures.models = [
            .init(
                model: "z-ai/glm-4.6", calls: 300, promptTokens: 1_200_000, completionTokens: 40_000, costUSD: 4.7,
                medianSeconds: 3.25, tasks: 14, failedTasks: 2),
            .init(
                model: "small|model", calls: 36, promptTokens: 9000, completionTokens: 800, costUSD: 0.0521,
                medianSeconds: 0.8, tasks: 6, failedTasks: 4),
        ]
        figures.steps = [
            .init(
                kind: "plan", runs: 18, medianWaitSeconds: 0.2, p95WaitSeconds: 1.5, medianSeconds: 20, p95Seconds: 61),
            .init(
                kind: "implementation", runs: 22, medianWaitSeconds: 240, p95WaitSeconds: 1800, medianSeconds: 300,
                p95Seconds: 1500),
        ]
        figures.repositories = [
            .init(
                remoteURL: "https://git.example.com/web.git", tasks: 14, succeeded: 11, unvalidated: 0, repairs: 9,
                flakyTrees: 2),
            .init(
                remoteURL: "https://git.example.com/legacy.git", tasks: 5, succeeded: 1, unvalidated: 1, repairs: 1,
                flakyTrees: 0),
        ]
        figures.pushes = [
            .init(remoteURL: "https://git.example.com/web.git", branches: 11, last: since + 6 * 86_400),
            .init(remoteURL: "https://git.example.com/legacy.git", branches: 1, last: since + 86_400),
        ]
        figures.errors = [
            .init(status: "validation_failed", text: "make test: exit code 1", count: 3),
            .init(status: "validation_failed", text: "2 of 7 tests | failed", count: 1),
            .init(status: "model_unavailable", text: "z-ai/glm-4.6: status 429, too many requests", count: 2),
            .init(kind: "implementation", text: "z-ai/glm-4.6: rate limit reached", count: 9),
            .init(kind: "implementation", text: "the lease expired", count: 1),
        ]
        figures.services = [
            .init(service: "coder", replicas: 2, places: 8), .init(service: "notifier", replicas: 1, places: nil),
        ]
        return figures
    }()

    private static func golden(_ name: String) throws -> String {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "md", subdirectory: "Golden"))
        return try String(contentsOf: url, encoding: .utf8)
    }

    @Test func `a week is told as in its golden file`() throws {
        let report = Report(of: .company(CompanyID(validated: "acme")), Self.week)
        #expect(report.markdown == (try Self.golden("week")))
    }

    @Test func `a time in which nothing happened is told as in its golden file`() throws {
        let report = Report(of: .platform, Figures(since: Self.since, until: Self.since + 60))
        #expect(report.markdown == (try Self.golden("nothing")))
    }

    @Test func `what is kept are the figures and what they say`() {
        let stored = Report(of: .platform, Self.week).stored(by: "ann")
        #expect(stored.figures == Self.week && stored.actor == "ann" && stored.place == .platform)
        #expect(stored.markdown == Report(of: .platform, Self.week).markdown)
    }

    @Test func `no text of a repository or a model leaves its cell`() {
        let table = Table(["A"], [["a|b\nc `d` <script> [x](y) *z* \\"]])
        #expect(table.markdown.split(separator: "\n").count == 3)
        #expect(table.markdown.hasSuffix("| a\\|b c \\`d\\` \\<script> \\[x](y) \\*z\\* \\\\ |"))
    }

    @Test(arguments: [
        (0.04, "0.0 s"), (9.94, "9.9 s"), (61, "61 s"), (120, "2 min"), (7199, "120 min"), (7200, "2.0 h"),
        (172_800, "2.0 d"),
    ])
    func `a duration is told in the unit that fits`(_ seconds: Double, _ text: String) {
        #expect(Text.duration(seconds) == text)
    }

    @Test(arguments: [(0.0, "$0.0000"), (0.0521, "$0.0521"), (1, "$1.00"), (12.345, "$12.35"), (-1, "$?")])
    func `money is told to what counts`(_ amount: Double, _ text: String) {
        #expect(Text.dollars(amount) == text)
    }
}

/// Why something went wrong, and what to do.
@Suite struct ErrorCauseTests {
    @Test(arguments: [
        ("model_unavailable", "openai: status 429", "rate limited"),
        ("model_unavailable", "openai: status 401", "model refused the key"),
        ("model_unavailable", "no such host", "model unavailable"),
        ("repository_unavailable", "fatal: Authentication failed", "repository refused the credentials"),
        ("validation_failed", "make test: exit code 1", "validation failed"), ("stuck", "", "model went in circles"),
        ("cancelled", "cancelled on request", "ended by a person"), ("internal_error", "a bug", "other"),
    ])
    func `a cause is told by the words, else by the status`(_ status: String, _ text: String, _ cause: String) {
        #expect(ErrorCause.of(.init(status: status, text: text, count: 1)).name == cause)
    }

    @Test func `tries are told by their words`() {
        #expect(ErrorCause.of(.init(kind: "plan", text: "the lease expired", count: 1)).name == "lease expired")
        #expect(ErrorCause.of(.init(kind: "plan", text: "connect: Connection refused", count: 1)).name == "network")
        #expect(ErrorCause.of(.init(kind: "plan", text: "?", count: 1)) == .other)
    }

    @Test func `each cause has a name of its own, something to do, and something to be known by`() {
        let causes = ErrorCause.all
        #expect(Set(causes.map(\.name)).count == causes.count)
        for cause in causes {
            #expect(!cause.suggestion.isEmpty && !(cause.statuses.isEmpty && cause.words.isEmpty))
            #expect(cause.words.allSatisfy { $0 == $0.lowercased() })
        }
    }

    @Test(arguments: TerminalStatus.allCases.filter { !$0.isSuccess && $0 != .internalError })
    func `every status without success has a cause`(_ status: TerminalStatus) {
        #expect(ErrorCause.of(.init(status: status.rawValue, text: "", count: 1)) != .other)
    }

    @Test func `errors are grouped by cause, the commonest first, with the commonest text`() {
        let groups = ErrorGroup.all([
            .init(status: "stuck", text: "b", count: 1), .init(status: "stuck", text: "a", count: 2),
            .init(kind: "plan", text: "status 429", count: 9),
        ])
        #expect(groups.map(\.cause.name) == ["rate limited", "model went in circles"])
        #expect(groups.map(\.tries) == [9, 0] && groups.map(\.tasks) == [0, 3] && groups[1].example == "a")
    }
}

/// What the figures call for, each rule at its edge.
@Suite struct AdviceTests {
    private func figures(_ change: (inout Figures) -> Void) -> Figures {
        var figures = Figures(since: Date(timeIntervalSince1970: 0), until: Date(timeIntervalSince1970: 1))
        change(&figures)
        return figures
    }

    private func step(_ runs: Int, wait: Double, time: Double) -> Figures.Step {
        .init(
            kind: "plan", runs: runs, medianWaitSeconds: wait, p95WaitSeconds: wait, medianSeconds: time,
            p95Seconds: time)
    }

    private func model(_ name: String, _ tasks: Int, failed: Int) -> Figures.Model {
        .init(
            model: name, calls: 1, promptTokens: 0, completionTokens: 0, costUSD: 0, medianSeconds: 0, tasks: tasks,
            failedTasks: failed)
    }

    @Test func `more places are called for where steps wait long, and of few runs nothing follows`() {
        #expect(Advice.all(figures { $0.steps = [step(5, wait: 60, time: 100)] }).count == 1)
        #expect(Advice.all(figures { $0.steps = [step(4, wait: 60, time: 100)] }).isEmpty)
        #expect(Advice.all(figures { $0.steps = [step(50, wait: 9, time: 1)] }).isEmpty)
        #expect(Advice.all(figures { $0.steps = [step(50, wait: 60, time: 200)] }).isEmpty)
    }

    @Test func `a model that fails more than another is told, with the counts`() {
        let advice = Advice.all(figures { $0.models = [model("good", 10, failed: 1), model("bad", 10, failed: 4)] })
        #expect(advice == ["Of 10 tasks with bad 4 failed, of 10 with good 1: ask good first."])
        #expect(Advice.all(figures { $0.models = [model("a", 10, failed: 1), model("b", 10, failed: 2)] }).isEmpty)
        #expect(Advice.all(figures { $0.models = [model("a", 10, failed: 0), model("b", 4, failed: 4)] }).isEmpty)
        #expect(Advice.all(figures { $0.models = [model("a", 10, failed: 10)] }).isEmpty)
    }

    @Test func `a repository without tests, with flaky ones, and where most fails is told`() {
        func repository(_ tasks: Int, succeeded: Int, unvalidated: Int = 0, flaky: Int = 0) -> Figures.Repository {
            .init(
                remoteURL: "r", tasks: tasks, succeeded: succeeded, unvalidated: unvalidated, repairs: 0,
                flakyTrees: flaky)
        }
        func count(_ repository: Figures.Repository) -> Int {
            Advice.all(figures { $0.repositories = [repository] }).count
        }
        #expect(count(repository(9, succeeded: 9)) == 0)
        #expect(
            count(repository(9, succeeded: 9, unvalidated: 1)) == 1 && count(repository(9, succeeded: 9, flaky: 1)) == 1
        )
        #expect(count(repository(9, succeeded: 4)) == 1 && count(repository(8, succeeded: 4)) == 0)
        #expect(count(repository(4, succeeded: 0)) == 0)
    }
}
