import FoundationEssentials
import Foundations
import TaskStore

/// What figures say to people, in Markdown. Pure: nothing is in it that is not in the figures.
package struct Report: Sendable {
    /// The most rows of a table.
    static let longestTable = 20

    private let place: PausePlace
    private let figures: Figures

    package init(of place: PausePlace, _ figures: Figures) {
        self.place = place
        self.figures = figures
    }

    /// The report to be kept.
    package func stored(by actor: String) -> StoredReport {
        StoredReport(of: place, figures, markdown: markdown, by: actor)
    }

    package var markdown: String {
        let sections = [
            head, completion, throughput, models, steps, pushes, errors, advice,
        ]
        return sections.joined(separator: "\n\n") + "\n"
    }

    private var name: String {
        switch place {
        case .platform: "the platform"
        case .company(let id): id.text
        }
    }

    private var head: String {
        let services = figures.services.map { service in
            "\(service.service) \(service.replicas)" + (service.places.map { " (\($0) places)" } ?? "")
        }
        let (submitted, ended, open) = (figures.submitted, figures.tasksEnded, figures.open)
        return """
            # Report on \(name)

            From \(Timestamp.text(figures.since)) to \(Timestamp.text(figures.until)). \(Text.count(submitted, "task")) submitted, \
            \(ended) ended. At its end \(open.running) ran, \(open.ready) waited for a replica and \(open.held) for something else.

            Replicas: \(services.isEmpty ? "none" : services.joined(separator: ", ")).
            """
    }

    private var completion: String {
        let title = "## Completion"
        guard figures.tasksEnded > 0 else { return "\(title)\n\nNo task ended." }
        let rate = Text.percent(figures.tasksSucceeded, of: figures.tasksEnded)
        let table = Table(
            ["Status", "Tasks", "Share", "Median time", "95 % within", "Model calls", "Cost"],
            figures.ended.map { ended in
                [
                    ended.status, "\(ended.tasks)", Text.percent(ended.tasks, of: figures.tasksEnded),
                    Text.duration(ended.medianSeconds), Text.duration(ended.p95Seconds), "\(ended.calls)",
                    Text.dollars(ended.costUSD),
                ]
            })
        return """
            \(title)

            \(figures.tasksSucceeded) of \(figures.tasksEnded) tasks ended with success (\(rate)), at a cost of \
            \(Text.dollars(figures.costUSD)). Times are from submission to end.

            \(table.markdown)
            """
    }

    private var throughput: String {
        let title = "## Throughput"
        guard !figures.days.isEmpty else { return "\(title)\n\nNo task ended." }
        let table = Table(
            ["Day (UTC)", "Ended", "With success"],
            figures.days.suffix(Self.longestTable).map { [$0.day, "\($0.ended)", "\($0.succeeded)"] })
        return "\(title)\n\n\(table.markdown)"
    }

    private var models: String {
        let title = "## Models"
        guard !figures.models.isEmpty else { return "\(title)\n\nNo model call is recorded." }
        let table = Table(
            ["Model", "Calls", "Prompt tokens", "Completion tokens", "Cost", "Median time", "Tasks", "Failed"],
            figures.models.prefix(Self.longestTable).map { model in
                [
                    model.model, "\(model.calls)", "\(model.promptTokens)", "\(model.completionTokens)",
                    Text.dollars(model.costUSD), Text.duration(model.medianSeconds), "\(model.tasks)",
                    "\(model.failedTasks) (\(Text.percent(model.failedTasks, of: model.tasks)))",
                ]
            })
        return "\(title)\n\nA task counts for every model that answered in it.\n\n\(table.markdown)"
    }

    private var steps: String {
        let title = "## Steps"
        guard !figures.steps.isEmpty else { return "\(title)\n\nNo step ended." }
        let table = Table(
            ["Step", "Runs", "Median wait", "95 % waited", "Median time", "95 % within"],
            figures.steps.prefix(Self.longestTable).map { step in
                [
                    step.kind, "\(step.runs)", Text.duration(step.medianWaitSeconds),
                    Text.duration(step.p95WaitSeconds), Text.duration(step.medianSeconds),
                    Text.duration(step.p95Seconds),
                ]
            })
        return "\(title)\n\nWaits are for a replica.\n\n\(table.markdown)"
    }

    private var pushes: String {
        let title = "## Pushes"
        guard !figures.pushes.isEmpty else { return "\(title)\n\nNothing was pushed." }
        let table = Table(
            ["Repository", "Branches", "Last"],
            figures.pushes.prefix(Self.longestTable).map { push in
                [push.remoteURL, "\(push.branches)", Timestamp.text(push.last)]
            })
        return "\(title)\n\n\(table.markdown)"
    }

    private var errors: String {
        let title = "## Errors"
        let groups = ErrorGroup.all(figures.errors)
        guard !groups.isEmpty else { return "\(title)\n\nNothing went wrong." }
        let table = Table(
            ["Cause", "Ended tasks", "Tries repeated", "For example", "What to do"],
            groups.prefix(Self.longestTable).map { group in
                [group.cause.name, "\(group.tasks)", "\(group.tries)", group.example, group.cause.suggestion]
            })
        return "\(title)\n\n\(table.markdown)"
    }

    private var advice: String {
        let advice = Advice.all(figures)
        guard !advice.isEmpty else { return "## Advice\n\nThe figures call for nothing." }
        return "## Advice\n\n" + advice.map { "- \($0)" }.joined(separator: "\n")
    }
}
