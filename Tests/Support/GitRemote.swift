import Foundation

/// A bare Git repository in a temporary folder: the remote of a test, made and read with the git program.
package final class GitRemote: Sendable {
    /// The first branch.
    package let branch: String
    private let folder: TemporaryFolder

    /// The path of the bare repository, as a remote's URL.
    package var url: String { folder.path("remote.git") }

    /// Creates a repository with one commit of `files`, by path; none gives an empty repository without a commit.
    package init(files: [String: String] = ["README.md": "hello\n"], branch: String = "main") async throws {
        self.branch = branch
        folder = try TemporaryFolder("git")
        try await Program.run(
            ["git", "init", "--quiet", "--bare", "--initial-branch", branch, url], environment: Self.environment)
        if !files.isEmpty { try await commit(files, message: "First commit") }
    }

    /// Adds a commit on `branch` (by default the first) that sets `files` by path; `nil` removes one.
    ///
    /// - Returns: The id of the commit.
    @discardableResult
    package func commit(_ files: [String: String?], message: String, on branch: String? = nil) async throws -> String {
        let branch = branch ?? self.branch
        var stream = "commit refs/heads/\(branch)\n\(Self.author)\ndata \(message.utf8.count)\n\(message)\n"
        if let parent = try? await commitID(branch) {
            stream += "from \(parent)\n"
        } else if let parent = try? await commitID(self.branch) {
            stream += "from \(parent)\n"
        }
        for (path, contents) in files.sorted(by: { $0.key < $1.key }) {
            guard let contents else {
                stream += "D \(path)\n"
                continue
            }
            let mode = contents.hasPrefix("#!") ? "100755" : "100644"
            stream += "M \(mode) inline \(path)\ndata \(contents.utf8.count)\n\(contents)\n"
        }
        try await git(["fast-import", "--quiet"], input: stream)
        return try await commitID(branch)
    }

    /// The names of all branches, sorted.
    package func branches() async throws -> [String] {
        try await lines("for-each-ref", "--format=%(refname:short)", "refs/heads")
    }

    /// The id of the commit that `revision` names.
    package func commitID(_ revision: String) async throws -> String {
        try await lines("rev-parse", "--verify", "--quiet", "\(revision)^{commit}").first ?? ""
    }

    /// The subjects of the commits that `revisions` (such as `main..feat/x`) reach, newest first.
    package func log(_ revisions: String) async throws -> [String] {
        try await lines("log", "--format=%s", revisions, "--")
    }

    /// The whole message of a commit.
    package func message(of revision: String) async throws -> String {
        try await git(["log", "-1", "--format=%B", revision, "--"]).trimmingCharacters(in: .newlines)
    }

    /// All paths in the tree of `revision`, sorted.
    package func files(at revision: String) async throws -> [String] {
        try await lines("ls-tree", "-r", "--name-only", revision)
    }

    /// The contents of a file at `revision`.
    package func contents(of path: String, at revision: String) async throws -> String {
        try await git(["show", "\(revision):\(path)"])
    }

    /// The paths that differ between two revisions, sorted.
    package func changedFiles(from base: String, to revision: String) async throws -> [String] {
        try await lines("diff", "--name-only", base, revision, "--")
    }

    /// The difference between two revisions as a patch.
    package func diff(from base: String, to revision: String) async throws -> String {
        try await git(["diff", base, revision, "--"])
    }

    /// From now on every push is noted; see ``pushes()``.
    package func notePushes() throws { try hook("post-receive", "cat >> '\(folder.path("pushes.log"))'") }

    /// The ref updates of all pushes since ``notePushes()``, each `old new ref`.
    package func pushes() -> [String] {
        ((try? folder.read("pushes.log")) ?? "").split(separator: "\n").map(String.init)
    }

    /// Refuses every push from now on with `message`, as a protected branch does.
    package func refusePushes(_ message: String) throws { try hook("pre-receive", "echo '\(message)' >&2; exit 1") }

    /// Installs a hook, a body of a shell script.
    package func hook(_ name: String, _ script: String) throws {
        let path = try folder.write("remote.git/hooks/\(name)", "#!/bin/sh\n\(script)\n")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// Runs git in the repository and returns its output.
    @discardableResult
    package func git(_ arguments: [String], input: String = "") async throws -> String {
        try await Program.run(
            ["git", "--git-dir", url] + arguments, environment: Self.environment, input: input)
    }

    private func lines(_ arguments: String...) async throws -> [String] {
        try await git(arguments).split(separator: "\n").map(String.init)
    }

    private static let author = "committer Ada <ada@example.com> 1750000000 +0000"

    /// The settings of the user and the machine must not change what a test sees.
    private static let environment = ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"]
}
