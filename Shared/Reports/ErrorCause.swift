import Foundations
import TaskStore

/// Why something went wrong, as far as its words and the status of its task tell, and what to do about it.
struct ErrorCause: Sendable, Hashable {
    let name: String
    let suggestion: String
    /// The statuses of tasks that end for this cause.
    var statuses: Set<String> = []
    /// Any of them in a text in lower case tells of the cause.
    var words: [String] = []

    /// The table: the first that fits is meant.
    static let all: [ErrorCause] = [
        ErrorCause(
            name: "lease expired",
            suggestion: "replicas died or froze: look for restarts and memory limits of their hosts",
            words: ["lease expired", "tried too often without making progress"]),
        ErrorCause(
            name: "rate limited",
            suggestion: "ask the provider for more, run fewer tasks at a time, or set MODEL_FALLBACKS",
            words: ["rate limit", "rate-limit", "too many requests", "status 429"]),
        ErrorCause(
            name: "model refused the key", suggestion: "check the provider's key and its credit",
            words: ["status 401", "status 402", "status 403", "insufficient credit", "invalid api key", "quota"]),
        ErrorCause(
            name: "model unavailable", suggestion: "set MODEL_FALLBACKS, and look at the provider's state",
            statuses: ["model_unavailable"], words: ["model did not answer", "no reply from the model", "status 503"]),
        ErrorCause(
            name: "repository refused the credentials",
            suggestion: "renew the credentials of the project; they need to read and to push",
            words: ["authentication failed", "refused the credentials", "permission denied", "access denied"]),
        ErrorCause(
            name: "repository unavailable",
            suggestion: "check the remote's address and whether it can be reached from here",
            statuses: ["repository_unavailable"],
            words: ["could not resolve host", "repository not found", "remote hung up"]),
        ErrorCause(
            name: "validation failed",
            suggestion:
                "read the issues of these tasks; more repair rounds, or a stronger model, help where they are close",
            statuses: ["validation_failed"]),
        ErrorCause(
            name: "budget used up", suggestion: "raise max_cost_usd, or make the tasks smaller",
            statuses: ["budget_exhausted"]),
        ErrorCause(
            name: "turns used up", suggestion: "raise max_iterations, or make the tasks smaller",
            statuses: ["iterations_exhausted"]),
        ErrorCause(
            name: "model went in circles", suggestion: "describe the tasks more closely, or try another model",
            statuses: ["stuck"]),
        ErrorCause(
            name: "time limit passed", suggestion: "raise timeout_seconds, or add replicas where steps wait long",
            statuses: ["timed_out"], words: ["time limit", "no step was finished in"]),
        ErrorCause(
            name: "push rejected", suggestion: "look at the branch's protection and at hooks of the remote",
            statuses: ["push_rejected"]),
        ErrorCause(
            name: "another task failed", suggestion: "mend the tasks that these depend on, then retry them",
            statuses: ["skipped"]),
        ErrorCause(
            name: "ended by a person", suggestion: "nothing", statuses: ["cancelled", "rejected"]),
        ErrorCause(
            name: "network", suggestion: "check the connection of the hosts",
            words: ["connection refused", "connection reset", "timed out", "network is unreachable"]),
    ]

    static let other = ErrorCause(name: "other", suggestion: "read the log: `automata logs --level error`")

    /// Statuses that say less than the words. Of others the words are a task's own, of its tests above all.
    private static let told: Set = ["model_unavailable", "repository_unavailable", "internal_error"]

    static func of(_ error: Figures.ErrorText) -> ErrorCause {
        let text = error.text.lowercased()
        if error.status.map(told.contains) ?? true,
            let cause = all.first(where: { $0.words.contains(where: text.contains) })
        {
            return cause
        }
        return all.first { cause in error.status.map(cause.statuses.contains) ?? false } ?? other
    }
}

/// Errors of one cause.
struct ErrorGroup: Hashable {
    let cause: ErrorCause
    /// How many tasks ended by it.
    var tasks = 0
    /// How many tries were made again because of it.
    var tries = 0
    /// The commonest text.
    var example = ""

    /// The commonest first.
    static func all(_ errors: [Figures.ErrorText]) -> [ErrorGroup] {
        var groups: [String: ErrorGroup] = [:]
        for error in errors.sorted(by: { ($0.count, $1.text) > ($1.count, $0.text) }) {
            let cause = ErrorCause.of(error)
            var group = groups[cause.name] ?? ErrorGroup(cause: cause)
            if error.status == nil { group.tries += error.count } else { group.tasks += error.count }
            if group.example.isEmpty { group.example = error.text }
            groups[cause.name] = group
        }
        return groups.values.sorted { left, right in
            (left.tasks + left.tries, right.cause.name) > (right.tasks + right.tries, left.cause.name)
        }
    }
}
