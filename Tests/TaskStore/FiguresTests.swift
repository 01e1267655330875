import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

/// What is counted for reports.
@Suite(.timeLimit(.minutes(5))) struct FiguresTests {
    /// A task that is validated and pushed, by calls of two models.
    private func complete(_ fixture: Fixture, _ task: String, company: String = "acme") async throws {
        let store = fixture.store
        try await fixture.submit(task, company: company)
        var run = try await fixture.claim()
        for (step, model) in ["glm", "gpt", "glm"].enumerated() {
            let reply: JSONValue = [
                "reply": [
                    "model": .string(model), "usage": ["promptTokens": 100, "completionTokens": 10], "costUSD": 0.5,
                ]
            ]
            let call = JournalStep(
                step: step, kind: .modelCall, name: "m", requestHash: "h", result: reply,
                changes: WorkflowChanges(usage: Usage(llmCalls: 1, costUSD: 0.5)))
            _ = try await store.recordStep(run.claim, call)
        }
        try await store.finish(run.claim)
        run = try await fixture.claim(.implementation)
        try await store.finish(run.claim)
        run = try await fixture.claim(.validation)
        try await store.finish(run.claim, output: evidence(run.key.workflowID))
        run = try await fixture.claim(.push)
        let pushed = try EventDraft(ChangesPushed(branchName: "feat/\(task)", commitHash: commits[3]))
        try await store.finish(run.claim, events: [pushed])
    }

    @Test func `what ended, what it cost and what was pushed is counted, of a company and of all`() async throws {
        try await withStore { fixture in
            for (task, company) in [("t1", "acme"), ("t2", "acme"), ("t3", "globex")] {
                try await complete(fixture, task, company: company)
            }
            try await fixture.submit("t4")
            _ = try await fixture.store.end(try await fixture.claim().claim, as: .stuck, error: "in circles")
            try await fixture.submit("t5")
            _ = try await fixture.store.release(
                try await fixture.claim().claim, after: .seconds(60), error: "status 429")
            let acme = try await fixture.store.figures(of: .company(CompanyID(validated: "acme")))
            #expect(acme.submitted == 4 && acme.tasksEnded == 3 && acme.tasksSucceeded == 2)
            #expect(acme.open == .init(ready: 1) && abs(acme.costUSD - 3) < 1e-9)
            #expect(acme.ended.map(\.status) == ["completed", "stuck"] && acme.ended.map(\.tasks) == [2, 1])
            #expect(acme.days.map(\.ended).reduce(0, +) == 3 && acme.days.map(\.succeeded).reduce(0, +) == 2)
            #expect(acme.models.map(\.model) == ["glm", "gpt"] && acme.models.map(\.calls) == [4, 2])
            #expect(acme.models[0].promptTokens == 400 && acme.models[0].completionTokens == 40)
            #expect(acme.models[0].costUSD == 2 && acme.models[0].tasks == 2 && acme.models[0].failedTasks == 0)
            #expect(acme.steps.map(\.kind) == ["plan", "implementation", "validation", "push"])
            #expect(acme.steps.map(\.runs) == [3, 2, 2, 2])
            #expect(acme.pushes.map(\.branches) == [2])
            let errors = acme.errors.map { "\($0.status ?? "-") \($0.kind ?? "-") \($0.text) \($0.count)" }
            #expect(errors == ["stuck - in circles 1", "- plan status 429 1"])
            let all = try await fixture.store.figures(of: .platform)
            #expect(all.submitted == 5 && all.tasksEnded == 4 && all.pushes.map(\.branches) == [3])
        }
    }

    @Test func `repositories without commands and trees that change their mind are found`() async throws {
        try await withStore { fixture in
            try await complete(fixture, "t1")
            try await fixture.submit("t2") { $0.validation.maxRepairRounds = 1 }
            for kind in [StepKind.plan, .implementation] {
                try await fixture.store.finish(try await fixture.claim(kind).claim)
            }
            var run = try await fixture.claim(.validation)
            let refused = Evidence(
                workflowID: run.key.workflowID.text, baseCommit: commits[0], tree: commits[2], success: false,
                requested: [], commands: ["make test"], exitCodes: [1])
            let failed = ValidationOutput(
                result: ValidationResult(success: false),
                signed: SignedEvidence(evidence: refused, signature: "c2lnbmF0dXJl"))
            try await fixture.store.finish(run.claim, .failed, output: failed)
            try await fixture.store.finish(try await fixture.claim(.implementation).claim)
            run = try await fixture.claim(.validation)
            let result = ValidationResult(
                success: true, testsPassed: 3,
                commands: [.init(command: "make test", exitCode: 0, durationMilliseconds: 1, output: "")])
            try await fixture.store.finish(run.claim, output: evidence(run.key.workflowID, of: result))
            try await fixture.store.finish(try await fixture.claim(.push).claim)
            let repository = try #require(try await fixture.store.figures(of: .platform).repositories.first)
            #expect(repository.remoteURL == "https://example.org/repository.git" && repository.tasks == 2)
            #expect(repository.succeeded == 2 && repository.unvalidated == 1)
            #expect(repository.repairs == 1 && repository.flakyTrees == 1)
        }
    }

    @Test func `a report is of the time since the last one`() async throws {
        try await withStore { fixture in
            try await complete(fixture, "t1")
            let first = try await fixture.store.figures(of: .platform)
            #expect(first.tasksEnded == 1 && abs(first.since.timeIntervalSince(first.until) + 7 * 86_400) < 1)
            try await fixture.store.keep(StoredReport(of: .platform, first, markdown: "# Report", by: "ann"))
            let kept = try #require(try await fixture.store.page(QueryRequest("reports"), in: .platform)?.items.first)
            #expect(kept["figures"]?["ended"]?.arrayValue?.first?["cost_usd"] == 1.5)
            #expect(kept["figures"]?["repositories"]?.arrayValue?.first?["remote_url"] != nil)
            let second = try await fixture.store.figures(of: .platform)
            #expect(second.tasksEnded == 0 && abs(second.since.timeIntervalSince(first.until)) < 0.001)
            let whole = try await fixture.store.figures(of: .platform, since: .distantPast, until: Date())
            #expect(whole.tasksEnded == 1)
        }
    }

    @Test func `nothing gives figures of nothing`() async throws {
        try await withStore { fixture in
            let figures = try await fixture.store.figures(of: .platform)
            #expect(figures == Figures(since: figures.since, until: figures.until))
        }
    }
}
