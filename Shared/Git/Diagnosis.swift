import FoundationEssentials
import Foundations

/// Reads the cause of a failed run of git against a remote from what it printed, which is English under `LC_ALL=C`.
enum Diagnosis {
    private static let signs: [(GitError.Code, isRetriable: Bool, [String])] = [
        (
            .untrustedHost, false,
            [
                "host key verification failed", "certificate problem", "ssl certificate",
                "server certificate verification failed", "identification has changed",
            ]
        ),
        (
            .unauthorized, false,
            [
                "authentication failed", "could not read username", "could not read password",
                "permission denied (", "terminal prompts disabled", "returned error: 401", "returned error: 403",
                "access denied", "permission to ", "dubious ownership", "incorrect passphrase", "invalid credentials",
            ]
        ),
        (
            .repositoryNotFound, false,
            [
                "repository not found", "does not appear to be a git repository",
                "returned error: 404", "' not found", "project you were looking for could not be found",
                "not valid: is this a git repository", "no such file or directory", "not a git repository",
            ]
        ),
        (.branchNotFound, false, ["couldn't find remote ref"]),
        (
            .unreachable, true,
            [
                "could not resolve host", "failed to connect", "couldn't connect", "connection refused",
                "connection timed out", "operation timed out", "connection reset", "connection closed",
                "network is unreachable", "no route to host", "early eof", "hung up unexpectedly", "broken pipe",
                "returned error: 5", "returned error: 429", "operation too slow", "empty reply from server",
                "name or service not known", "temporary failure in name resolution", "transfer closed",
                "unexpected disconnect",
            ]
        ),
        (.unreachable, false, ["returned error: 3"]),
        (.fileSystem, true, ["no space left on device", "out of diskspace"]),
        (.corrupt, true, ["index-pack failed", "invalid index-pack output", "bad object", "corrupt"]),
    ]

    /// The error for `text`, without secrets. `subject` says what was tried, for example `cannot fetch main`.
    static func error(_ subject: String, _ text: String, redactor: Redactor) -> GitError {
        let cause = clean(text, redactor: redactor)
        let lower = text.lowercased()
        for (code, isRetriable, phrases) in signs where phrases.contains(where: lower.contains) {
            // Git's own words are about a terminal that nobody has.
            let meaning = code == .unauthorized ? "the remote asks for credentials or refuses those given: " : ""
            return GitError(code, "\(subject): \(meaning)\(cause)", isRetriable: isRetriable)
        }
        return GitError(.remoteFailed, "\(subject): \(cause)", isRetriable: false)
    }

    /// The lines that say why, at most 600 characters, without secrets and user info.
    static func clean(_ text: String, redactor: Redactor) -> String {
        let lines = redactor.redact(text).split(whereSeparator: \.isNewline)
            .map { $0.trimmed }
            .filter { !$0.isEmpty && !noise.contains(where: $0.lowercased().contains) }
        let line = lines.joined(separator: "; ").replacing(/:\/\/[^\/@\s]*@/) { _ in "://" }
        let shown = line.unicodeScalars.filter { $0.properties.generalCategory != .control }.prefix(600)
        return shown.isEmpty ? "git gave no reason" : String(String.UnicodeScalarView(shown))
    }

    /// What the remote itself said during a push (lines that begin with `remote:`).
    static func remarks(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("remote:") }
            .map { $0.dropFirst("remote:".count).trimmed }.joined(separator: "\n")
    }

    private static let noise = [
        "please make sure you have the correct access rights", "and the repository exists.", "permanently added",
    ]
}
