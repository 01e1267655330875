import CGit2
import FoundationEssentials
import Foundations
import Glibc
import Synchronization

/// The mirrors of this host, under one folder. Processes may share it.
package final class MirrorStore: Sendable {
    /// The folder that holds everything.
    package let home: String
    private let policy: RemotePolicy
    private let limits: RepositoryLimits
    private let open = Mutex(OpenMirrors())

    /// Nothing is created before the first mirror is.
    package init(
        home: String, policy: RemotePolicy = RemotePolicy(), limits: RepositoryLimits = RepositoryLimits()
    ) {
        self.home = home
        self.policy = policy
        self.limits = limits
    }

    var folder: String { "\(home)/mirrors" }

    /// The mirror of `remote` for `company`, created empty if there is none. Companies never share objects.
    package func mirror(company: CompanyID, remote: RemoteURL) async throws -> Mirror {
        let name = try ObjectDatabase.fingerprint("\(company)\n\(remote.address)")
        if let known = use(name) { return known }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        chmod(folder, 0o700)
        let lease = try await FileLock.acquire("\(folder)/\(name).lock", .shared)
        return try await Library.pool.run {
            let directory = "\(self.folder)/\(name).git"
            if !FileManager.default.fileExists(atPath: directory) { try self.create(directory) }
            // The time of the last use, for the sweep.
            utimes("\(self.folder)/\(name).lock", nil)
            let mirror = try Mirror(
                directory: directory, home: self.home, policy: self.policy, limits: self.limits, lease: lease)
            return self.use(name, opened: mirror) ?? mirror
        }
    }

    private func use(_ name: String, opened: Mirror? = nil) -> Mirror? {
        let (mirror, beginsWatch) = open.withLock { ($0.use(name, opened: opened), $0.beginWatch()) }
        if beginsWatch { watch() }
        return mirror
    }

    /// Looks now and then for mirrors to let go of.
    private func watch() {
        _ = Deadlines.process.schedule(after: OpenMirrors.time) { [weak self] in
            if let self, self.open.withLock({ $0.goOnWatching() }) { self.watch() }
        }
    }

    /// Keeps no mirror that nobody uses.
    func letGo() { open.withLock { $0.letGo(unusedFor: .zero) } }

    /// Makes the repository beside its place and moves it there: whoever is first wins, nobody sees a half-made one.
    private func create(_ directory: String) throws {
        Library.start
        let draft = "\(directory).\(UUID().uuidString)"
        try Handle.discard("cannot create a mirror", free: git_repository_free) { git_repository_init($0, draft, 1) }
        try? FileManager.default.removeItem(atPath: "\(draft)/hooks")
        try Data("[safe]\n\tdirectory = *\n".utf8).write(to: URL(filePath: "\(draft)/\(Self.configurationFile)"))
        let answer = "#!/bin/sh\nprintf '%s\\n' \"$\(RemoteAccess.answerVariable)\"\n"
        try Data(answer.utf8).write(to: URL(filePath: "\(draft)/\(Self.askpassFile)"))
        chmod("\(draft)/\(Self.askpassFile)", 0o700)
        chmod(draft, 0o700)
        guard rename(draft, directory) != 0 else { return }
        let code = errno
        try? FileManager.default.removeItem(atPath: draft)
        guard code == EEXIST || code == ENOTEMPTY else {
            throw GitError(.fileSystem, "cannot create a mirror: \(systemError(code))")
        }
    }

    /// Read by the far end of a local remote too, which settings of a run do not reach.
    static let configurationFile = "automata.gitconfig"
    /// Answers ssh from a variable; holds no secret itself.
    static let askpassFile = "automata-askpass"
}
