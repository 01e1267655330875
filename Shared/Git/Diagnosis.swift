import FoundationEssentials
import Foundations

/// Reads the cause of a failed run of git against a remote from what it printed, which is English under `LC_ALL=C`.
///
/// People are told git's own words alone. Whatever a server answered may be found among them: a tenant chose the server,
/// and is not to read what others' servers say.
enum Diagnosis {
    private struct Sign {
        let code: GitError.Code
        var isRetriable = false
        /// What it means, in our words.
        let meaning: String
        let phrases: [String]
    }

    private static let objects = "the repository names its objects by SHA-256, which is not supported: only SHA-1 is"

    /// For a remote whose objects have names of another kind.
    static func otherObjects(_ subject: String) -> GitError { GitError(.unsupported, "\(subject): \(objects)") }

    private static let signs = [
        Sign(
            code: .unsupported, meaning: objects,
            phrases: ["mismatched algorithms", "repository's object format", "unknown object format"]),
        Sign(
            code: .unsupported,
            meaning:
                "the server only hands out files (dumb HTTP), which cannot be pushed to; it has to speak git, as with "
                + "git http-backend",
            phrases: ["dumb http transport", "git-http-push"]),
        Sign(
            code: .unsupported, meaning: "the server is too old: it hands out nothing without the whole history",
            phrases: ["does not support shallow"]),
        Sign(
            code: .unsupported,
            meaning: "the server's SSH is too old: it offers no key or cipher that is still trusted",
            phrases: ["no matching host key type", "no matching key exchange", "no matching cipher"]),
        Sign(
            code: .unreachable, meaning: "the server speaks no TLS at this address, or only versions that are too old",
            phrases: ["wrong version number", "unsupported protocol", "alert protocol version"]),
        Sign(
            code: .pushRejected, meaning: "the server, or a proxy before it, takes no push of this size (HTTP 413)",
            phrases: ["returned error: 413", "http 413"]),
        Sign(
            code: .tooLarge, meaning: "the repository is too large to be fetched",
            phrases: ["died of signal 25", "out of memory"]),
        Sign(
            code: .untrustedHost, meaning: "the host key or certificate of the remote is not trusted",
            phrases: [
                "host key verification failed", "certificate problem", "ssl certificate",
                "server certificate verification failed", "identification has changed",
            ]),
        Sign(
            code: .unauthorized, meaning: "the remote asks for credentials or refuses those given",
            phrases: [
                "authentication failed", "could not read username", "could not read password",
                "permission denied (", "terminal prompts disabled", "returned error: 401", "returned error: 403",
                "access denied", "permission to ", "dubious ownership", "incorrect passphrase", "invalid credentials",
            ]),
        Sign(
            code: .repositoryNotFound, meaning: "the remote has no such repository, or hides it",
            phrases: [
                "repository not found", "does not appear to be a git repository",
                "returned error: 404", "returned error: 410", "' not found",
                "project you were looking for could not be found",
                "not valid: is this a git repository", "no such file or directory", "not a git repository",
            ]),
        Sign(
            code: .branchNotFound, meaning: "the remote has no such branch", phrases: ["couldn't find remote ref"]),
        Sign(
            code: .unreachable, isRetriable: true, meaning: "the remote cannot be reached",
            phrases: [
                "could not resolve host", "failed to connect", "couldn't connect", "connection refused",
                "connection timed out", "operation timed out", "connection reset", "connection closed",
                "network is unreachable", "no route to host", "early eof", "hung up unexpectedly", "broken pipe",
                "returned error: 5", "returned error: 429", "operation too slow", "empty reply from server",
                "name or service not known", "temporary failure in name resolution", "transfer closed",
                "unexpected disconnect",
            ]),
        Sign(
            code: .unreachable,
            meaning: "the remote redirects to something that is no repository, as to a login, which is not followed",
            phrases: ["returned error: 3"]),
        Sign(
            code: .fileSystem, isRetriable: true, meaning: "the disk is full",
            phrases: ["no space left on device", "out of diskspace"]),
        Sign(
            code: .corrupt, isRetriable: true, meaning: "the objects of the remote are damaged",
            phrases: ["index-pack failed", "invalid index-pack output", "bad object", "corrupt"]),
    ]

    /// The error for `text`, without secrets. `subject` says what was tried, for example `cannot fetch main`.
    static func error(_ subject: String, _ text: String, redactor: Redactor) -> GitError {
        let lower = text.lowercased()
        guard let sign = signs.first(where: { $0.phrases.contains(where: lower.contains) }) else {
            return GitError(.remoteFailed, "\(subject): the remote failed or does not speak git", isRetriable: false)
        }
        let words = clean(own(text, of: sign), redactor: redactor)
        let cause = words.isEmpty ? sign.meaning : "\(sign.meaning): \(words)"
        return GitError(sign.code, "\(subject): \(cause)", isRetriable: sign.isRetriable)
    }

    /// The lines that git or ssh wrote about `sign` by themselves.
    private static func own(_ text: String, of sign: Sign) -> String {
        // Where git ends lines, and nowhere else: it repeats what a server answered line by line, each marked.
        text.utf8.split(separator: UInt8(ascii: "\n")).map { Substring($0) }.filter { line in
            let lower = line.lowercased()
            return ownBeginnings.contains(where: line.hasPrefix) && sign.phrases.contains(where: lower.contains)
                && !foreign.contains(where: lower.contains)
        }.joined(separator: "\n")
    }

    private static let ownBeginnings = [
        "fatal: ", "error: ", "ssh: ", "Host key verification failed", "Connection closed by ", "Connection reset by ",
    ]

    /// Behind these git repeats what the remote said.
    private static let foreign = [
        "remote error:", "got '", "got \"", "unexpected", "received '", "character:", "invalid server response",
        "protocol error", "bad line",
    ]

    /// The lines that say why, without secrets and user info, cut to so many scalars.
    private static func clean(
        _ text: String, redactor: Redactor, separator: String = "; ", atMost limit: Int = 600
    ) -> String {
        // Hooks may colour what they say.
        let plain = redactor.redact(text).replacing(/\u{1B}\[[0-9;?]*[A-Za-z]/) { _ in "" }
        let lines = plain.split(whereSeparator: \.isNewline)
            .map { line in
                let printable = line.unicodeScalars.filter { $0.properties.generalCategory != .control }
                return String(String.UnicodeScalarView(printable)).trimmed
            }
            .filter { !$0.isEmpty }
        let whole = lines.joined(separator: separator).replacing(/:\/\/[^\/@\s]*@/) { _ in "://" }
        guard whole.unicodeScalars.count > limit else { return whole }
        return String(String.UnicodeScalarView(whole.unicodeScalars.prefix(limit - 1))) + "…"
    }

    /// As many scalars of a refusal are told.
    private static let refusalLimit = 3000

    /// Why a push was refused: git's `reason`, and line by line what the remote remarked, as its hooks do. A server that
    /// refuses a push speaks git and let us in, so that its words are meant for whoever pushes.
    static func refusal(_ reason: String, _ text: String, redactor: Redactor) -> String {
        clean(
            ([reason] + remarks(text)).joined(separator: "\n"), redactor: redactor, separator: "\n",
            atMost: refusalLimit)
    }

    /// The same for a push that failed before there was a report about the branch.
    static func pushError(_ subject: String, _ text: String, redactor: Redactor) -> GitError {
        let failure = error(subject, text, redactor: redactor)
        let said = remarks(text)
        guard [.unauthorized, .remoteFailed].contains(failure.code), !said.isEmpty else { return failure }
        let words = clean(
            said.joined(separator: "\n"), redactor: redactor, separator: "\n", atMost: refusalLimit)
        return GitError(failure.code, "\(failure.message)\n\(words)", isRetriable: failure.isRetriable)
    }

    /// What the remote said (lines that begin with `remote:`), without rules drawn with signs and without progress.
    private static func remarks(_ text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("remote:") }
            .map { $0.dropFirst("remote:".count).trimmed }
            .filter { line in
                line.contains { $0.isLetter || $0.isNumber } && !line.contains(/:\s+\d+% \(\d+\/\d+\)/)
            }
    }
}
