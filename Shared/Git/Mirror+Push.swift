import FoundationEssentials
import Foundations

// What leaves for a remote.
extension Mirror {
    /// Sets `ref` of the remote to `commit`, if it is at `old` (`nil`: if it does not exist yet).
    ///
    /// Never forces. Repeating a push that got through gives ``PushOutcome/alreadyThere``. Throws
    /// ``GitError/Code/pushRejected`` if the branch is elsewhere, protected, or a hook of the remote declines.
    ///
    /// - Parameter base: The branch that the work began with: a remote that takes no push without its history gets it
    ///   after that branch was fetched as a whole.
    package func push(
        _ commit: ObjectID, to ref: RefName, expecting old: ObjectID?, onto base: RefName? = nil, remote: RemoteURL,
        credentials: GitCredentials = .none, timeout: Duration = .seconds(600)
    ) async throws -> PushOutcome {
        if knownTree(of: commit) == nil { try await perform { try self.require(commit, $0) } }
        let subject = "cannot push to branch \(ref)"
        var run = try await send(commit, to: ref, expecting: old, subject, remote, credentials, timeout)
        if let base, Self.wantsHistory(run.outcome, ref), isShallow,
            try await remoteRef(remote: remote, ref: ref, credentials: credentials) == old
        {
            try await deepen(base, remote, credentials, timeout)
            run = try await send(commit, to: ref, expecting: old, subject, remote, credentials, timeout)
        }
        switch PushReport(run.outcome.output, ref: ref) {
        case .done(let result): return result
        case .rejected(let reason):
            // Two replicas may push the same commit at once: the second is refused although all is well.
            if try await remoteRef(remote: remote, ref: ref, credentials: credentials) == commit {
                return .alreadyThere
            }
            doubt()
            let cause = Diagnosis.refusal(reason, run.outcome.errors, redactor: run.redactor)
            throw GitError(.pushRejected, "the remote refused branch \(ref): \(cause)")
        case .unknown:
            doubt()
            throw Diagnosis.pushError(subject, run.outcome.errors, redactor: run.redactor)
        }
    }

    /// Whether `ref` of the remote holds `commit`, itself or among the last ancestors of what it is at.
    package func remote(
        _ remote: RemoteURL, holds commit: ObjectID, at ref: RefName, credentials: GitCredentials = .none,
        timeout: Duration = .seconds(600)
    ) async throws -> Bool {
        let subject = "cannot fetch branch \(ref)"
        let lock = try await exclusiveAccess()
        defer { withExtendedLifetime(lock) {} }
        let local = "refs/branches/\(try ObjectDatabase.fingerprint(ref.full))"
        try await download("+\(ref.full):\(local)", depth: 50, subject, remote, credentials, timeout)
        return try await GitProgram(directory: directory)
            .run(["merge-base", "--is-ancestor", "\(commit)", local]).isSuccess
    }

    // MARK: Steps

    private func send(
        _ commit: ObjectID, to ref: RefName, expecting old: ObjectID?, _ subject: String, _ remote: RemoteURL,
        _ credentials: GitCredentials, _ timeout: Duration
    ) async throws -> (outcome: GitProgram.Outcome, redactor: Redactor) {
        try await reach(subject, remote, credentials, timeout) { remote in
            [
                "push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed", "--recurse-submodules=no",
                "--force-with-lease=\(ref.full):\(old?.text ?? "")", "--", remote.address, "\(commit):\(ref.full)",
            ]
        }
    }

    /// Whether the remote may have failed over what a mirror without history sends: some say so, some just fail.
    private static func wantsHistory(_ outcome: GitProgram.Outcome, _ ref: RefName) -> Bool {
        let words = outcome.errors.lowercased()
        switch PushReport(outcome.output, ref: ref) {
        case .done: return false
        case .rejected(let reason):
            return ["shallow", "unpack", "missing necessary objects"].contains(where: reason.lowercased().contains)
        case .unknown:
            // A connection that breaks off may come through the next time; an answer that is an error will not.
            return ["rpc failed; http 5", "shallow"].contains(where: words.contains)
        }
    }

    /// Brings the whole history of a branch here.
    private func deepen(
        _ branch: RefName, _ remote: RemoteURL, _ credentials: GitCredentials, _ timeout: Duration
    ) async throws {
        let lock = try await exclusiveAccess()
        defer { withExtendedLifetime(lock) {} }
        let local = "refs/branches/\(try ObjectDatabase.fingerprint(branch.full))"
        // git's own number for all of it.
        try await download(
            "+\(branch.full):\(local)", depth: 0x7FFF_FFFF, "cannot fetch the history of branch \(branch)", remote,
            credentials, timeout)
    }
}
