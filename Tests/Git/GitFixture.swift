import Foundation
import Foundations
import TestSupport
import Testing

@testable import Git

/// The hosts of one test, kept until it ends.
final class Hosts: Sendable {
    private let all = Recorder<Host>()

    func new() throws -> Host {
        let host = try Host()
        all.record(host)
        return host
    }
}

/// One host of the platform: a home of its own, with nothing shared with another.
struct Host: Sendable {
    let folder: TemporaryFolder
    let store: MirrorStore

    init() throws {
        folder = try TemporaryFolder("git-host")
        // The servers of tests are on this host.
        store = MirrorStore(
            home: folder.path("home"), policy: RemotePolicy(addresses: AddressPolicy(allowsPrivate: true)))
    }

    func mirror(_ remote: RemoteURL, company: String = "acme") async throws -> Mirror {
        try await store.mirror(company: try #require(CompanyID(company)), remote: remote)
    }

    /// A mirror with the first branch of `remote`, and its commit.
    func fetched(_ remote: GitRemote) async throws -> (mirror: Mirror, base: ObjectID, url: RemoteURL) {
        let url = try RemoteURL(remote.url, allowLocal: true)
        let mirror = try await mirror(url)
        let base = try await mirror.fetch(remote: url, branch: try RefName(remote.branch))
        return (mirror, base, url)
    }

    func workPath(_ name: String = "task") -> String { folder.path("work/\(name)") }
}

/// A work tree with the first commit of a remote, on a host of its own.
struct WorkTreeFixture: Sendable {
    let host: Host
    let remote: GitRemote
    let mirror: Mirror
    let base: ObjectID
    let tree: WorkTree

    init(_ files: [String: String]) async throws {
        host = try Host()
        remote = try await GitRemote(files: files)
        (mirror, base, _) = try await host.fetched(remote)
        tree = try await WorkTree.checkout(mirror: mirror, commit: base, at: host.workPath())
    }

    /// A commit on top of the first one that has a submodule at `vendor/lib`, on a branch `sub` of the remote.
    func submoduleCommit() async throws -> ObjectID {
        try await remote.git(
            ["fast-import", "--quiet"],
            input: """
                commit refs/heads/sub
                committer A <a@b> 1750000000 +0000
                data 1
                x
                from \(base)
                M 160000 \(base) vendor/lib

                """)
        return try await mirror.fetch(remote: try RemoteURL(remote.url, allowLocal: true), branch: RefName("sub"))
    }
}

/// Tests of one work tree each.
protocol WorkTreeSuite {
    var fixture: WorkTreeFixture { get }
}

extension WorkTreeSuite {
    var host: Host { fixture.host }
    var remote: GitRemote { fixture.remote }
    var mirror: Mirror { fixture.mirror }
    var base: ObjectID { fixture.base }
    var tree: WorkTree { fixture.tree }

    /// A snapshot as a service takes it that is not root.
    func ordinarySnapshot() async throws -> Snapshot {
        try await OrdinaryAccount.run { [tree, base] in try tree.take(parent: base, message: "Step", date: someDate) }
    }
}

/// A time that commits of tests carry.
let someDate = Date(timeIntervalSince1970: 1_790_000_000)

/// Writes files below a directory.
func write(_ files: [String: String], in directory: String) throws {
    for (path, text) in files {
        let url = URL(filePath: "\(directory)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }
}

/// What a directory holds below it, apart from `.git`: a line for each path with kind, mode and content.
func listing(_ directory: String) throws -> [String: String] {
    let files = FileManager.default
    var found: [String: String] = [:]
    for path in try files.subpathsOfDirectory(atPath: directory) where !path.hasPrefix(".git/") && path != ".git" {
        let full = "\(directory)/\(path)"
        let attributes = try files.attributesOfItem(atPath: full)
        switch attributes[.type] as? FileAttributeType {
        case .typeDirectory: continue
        case .typeSymbolicLink: found[path] = "-> \(try files.destinationOfSymbolicLink(atPath: full))"
        default:
            let mode = (attributes[.posixPermissions] as? Int ?? 0) & 0o100 == 0 ? "" : "x "
            found[path] = mode + (try Data(contentsOf: URL(filePath: full))).base64EncodedString()
        }
    }
    return found
}
