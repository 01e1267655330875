import Foundations
import TaskStore

/// What the figures call for. Each rule says what it counted.
enum Advice {
    /// Of so few nothing follows.
    private static let fewest = 5

    static func all(_ figures: Figures) -> [String] {
        concurrency(figures) + models(figures) + flaky(figures) + untested(figures) + failing(figures)
    }

    /// Steps that wait longer for a replica than they take.
    private static func concurrency(_ figures: Figures) -> [String] {
        figures.steps.filter { step in
            step.runs >= fewest && step.medianWaitSeconds > 10 && step.medianWaitSeconds > step.medianSeconds / 2
        }.map { step in
            """
            Steps of the kind \(step.kind) waited \(Text.duration(step.medianWaitSeconds)) for a replica, half of them longer, \
            and took \(Text.duration(step.medianSeconds)): raise WORKER_CONCURRENCY of its service, or start more replicas.
            """
        }
    }

    /// A model whose tasks fail more often than another's by a fifth of all.
    private static func models(_ figures: Figures) -> [String] {
        let known = figures.models.filter { $0.tasks >= fewest }
        func rate(_ model: Figures.Model) -> Double { Double(model.failedTasks) / Double(model.tasks) }
        guard let best = known.min(by: { rate($0) < rate($1) }) else { return [] }
        return known.filter { rate($0) >= rate(best) + 0.2 }.map { model in
            """
            Of \(model.tasks) tasks with \(Text.plain(model.model)) \(model.failedTasks) failed, of \(best.tasks) with \(Text.plain(best.model)) \
            \(best.failedTasks): ask \(Text.plain(best.model)) first.
            """
        }
    }

    private static func flaky(_ figures: Figures) -> [String] {
        figures.repositories.filter { $0.flakyTrees > 0 }.map { repository in
            """
            The validation of \(Text.plain(repository.remoteURL)) is flaky: \(Text.count(repository.flakyTrees, "tree")) passed once and \
            failed once. Mend or leave out the tests that change their mind.
            """
        }
    }

    private static func untested(_ figures: Figures) -> [String] {
        figures.repositories.filter { $0.unvalidated > 0 }.map { repository in
            """
            \(Text.count(repository.unvalidated, "task")) of \(Text.plain(repository.remoteURL)) completed without a command having been run: \
            give it tests, or name commands in `validation.commands`.
            """
        }
    }

    /// Repositories where most tasks fail.
    private static func failing(_ figures: Figures) -> [String] {
        figures.repositories.filter { $0.tasks >= fewest && $0.succeeded * 2 < $0.tasks }.map { repository in
            """
            Of \(repository.tasks) tasks of \(Text.plain(repository.remoteURL)) \(repository.succeeded) succeeded, after \
            \(Text.count(repository.repairs, "repair round")): begin with smaller tasks there, and say in `.automata.yaml` how it \
            is validated.
            """
        }
    }
}
