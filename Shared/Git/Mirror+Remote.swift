import FoundationEssentials
import Foundations
import Glibc

// The network, through the git program: an explicit address, explicit refspecs, credentials in its environment.
extension Mirror {
    /// Brings the newest commit of `branch` here, without history, and returns it.
    ///
    /// If it is here already only the remote's list of branches is read. Throws ``GitError``: `branchNotFound`,
    /// `emptyRepository`, `unauthorized`, `repositoryNotFound`, `moved`, `unsupported`, `unreachable`, `untrustedHost`,
    /// `remoteFailed`.
    ///
    /// - Parameter listed: What the remote told of `branch` just now; else it is asked.
    package func fetch(
        remote: RemoteURL, branch: RefName, listed: RemoteBranches? = nil, credentials: GitCredentials = .none,
        timeout: Duration = .seconds(600)
    ) async throws -> ObjectID {
        let subject = "cannot fetch branch \(branch)"
        var listed = listed
        if listed == nil {
            listed = try await branches([branch], remote: remote, credentials: credentials, timeout: timeout)
        }
        guard let tip = listed?.tip(of: branch) else {
            let all = try await references(
                ["--heads", "--tags", "--", remote.address], subject, remote, credentials, timeout)
            throw MissingBranch.error(branch, among: all.keys)
        }
        if try await contains(tip) { return tip }
        return try await download(branch, subject, remote, credentials, timeout)
    }

    /// Brings one commit here by its id, without history: for a branch that has moved on. Does nothing if it is here.
    ///
    /// Every server that speaks git's protocol 2 hands out any commit that it still has.
    package func fetch(
        _ commit: ObjectID, remote: RemoteURL, credentials: GitCredentials = .none, timeout: Duration = .seconds(600)
    ) async throws {
        if try await contains(commit) { return }
        let subject = "cannot fetch commit \(commit)"
        let lock = try await exclusiveAccess()
        defer { withExtendedLifetime(lock) {} }
        try await download("\(commit)", subject, remote, credentials, timeout)
        guard try await contains(commit) else {
            throw GitError(.corrupt, "\(subject): the remote sent an incomplete commit", isRetriable: true)
        }
        try noteArrival(of: commit)
    }

    /// The branch that the remote's `HEAD` is at: the one to start from where nobody names another.
    ///
    /// Throws ``GitError``: `branchNotFound` if the remote tells of none, else as ``fetch(remote:branch:credentials:timeout:)``.
    package func defaultBranch(
        remote: RemoteURL, credentials: GitCredentials = .none, timeout: Duration = .seconds(60)
    ) async throws -> RefName {
        let subject = "cannot read the branches"
        let told = try await listing(["--symref", "--", remote.address, "HEAD"], subject, remote, credentials, timeout)
        if let branch = DefaultBranch.named(in: told) { return try RefName(branch) }
        let head = try Self.references(in: told, subject)["HEAD"]
        let all = try await references(["--heads", "--", remote.address], subject, remote, credentials, timeout)
        guard !all.isEmpty else { throw GitError(.emptyRepository, "the repository has no commits yet") }
        return try RefName(try DefaultBranch.choose(from: all, head: head))
    }

    /// The commit that a branch of the remote is at, or `nil` if there is no such branch.
    package func remoteRef(
        remote: RemoteURL, ref: RefName, credentials: GitCredentials = .none, timeout: Duration = .seconds(60)
    ) async throws -> ObjectID? {
        let subject = "cannot read branch \(ref)"
        return try await references(["--", remote.address, ref.full], subject, remote, credentials, timeout)[ref.full]
    }

    /// How things stand with branches of the remote.
    package func branches(
        _ refs: [RefName], remote: RemoteURL, credentials: GitCredentials = .none, timeout: Duration = .seconds(60)
    ) async throws -> RemoteBranches {
        RemoteBranches(
            tips: try await references(
                ["--heads", "--", remote.address] + RemoteBranches.patterns(refs), "cannot read the branches", remote,
                credentials, timeout))
    }

    // MARK: Steps

    func references(
        _ arguments: [String], _ subject: String, _ remote: RemoteURL, _ credentials: GitCredentials,
        _ timeout: Duration
    ) async throws -> [String: ObjectID] {
        try Self.references(in: await listing(arguments, subject, remote, credentials, timeout), subject)
    }

    private func listing(
        _ arguments: [String], _ subject: String, _ remote: RemoteURL, _ credentials: GitCredentials,
        _ timeout: Duration
    ) async throws -> String {
        let run = try await reach(subject, remote, credentials, timeout) { current in
            ["ls-remote", "--quiet"] + arguments.map { $0 == remote.address ? current.address : $0 }
        }
        guard run.outcome.isSuccess else {
            throw Diagnosis.error(subject, run.outcome.errors, redactor: run.redactor)
        }
        return run.outcome.output
    }

    private static func references(in listing: String, _ subject: String) throws -> [String: ObjectID] {
        let pairs = try listing.split(separator: "\n").compactMap { line -> (String, ObjectID)? in
            let parts = line.split(separator: "\t", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            guard let id = ObjectID(parts[0]) else {
                guard !ObjectID.isSHA256(parts[0]) else { throw Diagnosis.otherObjects(subject) }
                return nil
            }
            return (String(parts[1]), id)
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private func download(
        _ branch: RefName, _ subject: String, _ remote: RemoteURL, _ credentials: GitCredentials, _ timeout: Duration
    ) async throws -> ObjectID {
        let lock = try await exclusiveAccess()
        defer { withExtendedLifetime(lock) {} }
        // A flat name: branches that come and go never clash as file and folder.
        let local = "refs/branches/\(try ObjectDatabase.fingerprint(branch.full))"
        try await download("+\(branch.full):\(local)", subject, remote, credentials, timeout)
        guard let tip = try await commit(at: local), try await contains(tip) else {
            throw GitError(.corrupt, "\(subject): the remote sent an incomplete commit", isRetriable: true)
        }
        try noteArrival(of: tip)
        return tip
    }

    /// The commit that a reference of the mirror is at: read from its file, where git has just put it, as a rule.
    private func commit(at ref: String) async throws -> ObjectID? {
        if let text = try? String(contentsOfFile: "\(directory)/\(ref)", encoding: .utf8) {
            return ObjectID(text.trimmed)
        }
        return ObjectID(try await GitProgram(directory: directory).run(["rev-parse", "--verify", ref]).output.trimmed)
    }

    /// Call under ``exclusiveAccess()``.
    func download(
        _ refspec: String, depth: Int = 1, _ subject: String, _ remote: RemoteURL, _ credentials: GitCredentials,
        _ timeout: Duration
    ) async throws {
        // An earlier fetch that was cut off may have left gigabytes.
        Leftovers.removePacks(from: directory, olderThan: .seconds(60))
        let run = try await reach(subject, remote, credentials, timeout, isBounded: true) { remote in
            [
                "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--depth=\(depth)", "--", remote.address,
                refspec,
            ]
        }
        guard run.outcome.isSuccess else {
            throw Diagnosis.error(subject, run.outcome.errors, redactor: run.redactor)
        }
    }

    /// Runs git against the remote with its credentials.
    func reach(
        _ subject: String, _ remote: RemoteURL, _ credentials: GitCredentials, _ timeout: Duration,
        isBounded: Bool = false, _ arguments: (RemoteURL) -> [String]
    ) async throws -> (outcome: GitProgram.Outcome, redactor: Redactor) {
        let access = try RemoteAccess(
            remote, credentials, places: try await policy.places(of: remote), knownHosts: policy.knownHosts,
            mirror: directory, home: home)
        defer { withExtendedLifetime(access) {} }
        let program = GitProgram(
            directory: directory, settings: access.settings, environment: access.environment, timeout: timeout,
            isBounded: isBounded)
        do {
            return try await (run(program, subject, remote, arguments), access.redactor)
        } catch let error as GitError where error.code == .timeout {
            throw GitError(.unreachable, "\(subject): the remote took longer than \(timeout.milliseconds / 1000) s")
        }
    }

    /// Runs git, and once more with `.git` after the path if the remote redirects. Throws ``GitError/Code/moved`` if that
    /// does not help and the remote names another place.
    private func run(
        _ program: GitProgram, _ subject: String, _ remote: RemoteURL, _ arguments: (RemoteURL) -> [String]
    ) async throws -> GitProgram.Outcome {
        let outcome = try await program.run(arguments(remote))
        guard !outcome.isSuccess, Redirection.isTold(by: outcome.errors) else { return outcome }
        if let longer = remote.withGitSuffix {
            let second = try await program.run(arguments(longer))
            if second.isSuccess { return second }
        }
        var asking = program
        asking.environment.merge(Redirection.tracing) { _, last in last }
        let trace = try await asking.run(["ls-remote", "--quiet", "--", remote.address, "HEAD"]).errors
        guard let place = Redirection.repository(in: trace, from: remote) else { return outcome }
        throw GitError(
            .moved, "\(subject): the repository has moved to \(place), which is not followed; use that address")
    }

    /// Held while references or the list of shallow commits change.
    func exclusiveAccess() async throws -> FileLock {
        let lock = try await FileLock.acquire("\(directory)/automata.lock", .exclusive)
        // Whoever left these behind was killed: git writes them only under this lock.
        unlink("\(directory)/shallow.lock")
        return lock
    }
}
