import Contracts
import Foundation
import Foundations
import Git
import ServiceKit
import TestSupport
import Testing

@testable import Workspaces

/// What is installed for a commit, and what for a change.
@Suite struct SetupPlanTests {
    private static let files = [
        "package.json": "{}", "package-lock.json": "{\"a\": 1}", "web/yarn.lock": "a", "Gemfile.lock": "a",
        "main.js": "1",
    ]
    private let steps = SetupSteps(commands: ["npm ci"])
    private let folder: TemporaryFolder
    private let mirror: Git.Mirror
    private let base: ObjectID

    init() async throws {
        folder = try TemporaryFolder("plan")
        let remote = try await GitRemote(files: Self.files)
        let url = try RemoteURL(remote.url, allowLocal: true)
        mirror = try await MirrorStore(home: folder.path("home"))
            .mirror(company: try #require(CompanyID("acme")), remote: url)
        base = try await mirror.fetch(remote: url, branch: try RefName(remote.branch))
    }

    /// The base with other files.
    private func changed(_ files: [String: String]) async throws -> ObjectID {
        let tree = try await WorkTree.checkout(
            mirror: mirror, commit: base, at: folder.path("work/\(UUID().uuidString)"), sandboxRepository: false)
        for (path, text) in files {
            let url = URL(filePath: "\(tree.directory)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }
        let snapshot = try await tree.snapshot(
            parent: base, message: "Change", date: Date(timeIntervalSince1970: 1_790_000_000))
        return try #require(snapshot.commit)
    }

    private func plan(
        _ steps: SetupSteps? = nil, origin: [String] = ["acme", "url", "main"], base: ObjectID? = nil,
        head: ObjectID? = nil
    ) async throws -> SetupPlan? {
        try await SetupPlan(
            steps ?? self.steps, origin: origin, mirror, base: base ?? self.base, head: head ?? self.base)
    }

    @Test func `without commands nothing is installed`() async throws {
        #expect(try await plan(SetupSteps()) == nil)
    }

    @Test func `the digest is that of the commands and of the files that name packages, for one branch`() async throws {
        let plan = try #require(try await plan())
        #expect(plan.change == nil && plan.obstacle == nil && plan.digest.count == 64)
        #expect(try await self.plan()?.digest == plan.digest)
        let code = try await changed(["main.js": "2", "README.md": "x"])
        #expect(try await self.plan(base: code, head: code)?.digest == plan.digest)
        let manifest = try await changed(["package.json": "{\"b\": 1}"])
        #expect(try await self.plan(base: manifest, head: manifest)?.digest != plan.digest)
        for other in [
            try await self.plan(SetupSteps(commands: ["npm i"])), try await self.plan(origin: ["b", "url", "main"]),
            try await self.plan(origin: ["acme", "url", "feature"]),
            try await self.plan(SetupSteps(commands: ["npm ci"], hosts: [try #require(HostPattern("a.b"))])),
        ] { #expect(other?.digest != plan.digest) }
    }

    @Test func `a change that touches no lock file installs what the base does`() async throws {
        let base = try await plan()?.digest
        let head = try await changed(["main.js": "2", "package.json": "{\"scripts\": {\"test\": \"x\"}}"])
        let plan = try #require(try await plan(head: head))
        #expect(plan.digest == base && plan.change == nil && plan.obstacle == nil)
    }

    @Test func `a change of a lock file is installed on top, without scripts, with the files that it needs`()
        async throws
    {
        let head = try await changed([
            "package-lock.json": "{\"a\": 2}", "package.json": "{\"a\": 2}", "web/yarn.lock": "b", "main.js": "2",
        ])
        let plan = try #require(try await plan(head: head))
        let change = try #require(plan.change)
        #expect(change.files.map(\.path).sorted() == ["package-lock.json", "package.json", "web/yarn.lock"])
        #expect(change.commands.count == 2 && change.commands.allSatisfy { $0.contains("--ignore-scripts") })
        #expect(plan.digest == change.digest && plan.digest != plan.baseDigest)
        let again = try await changed(["package-lock.json": "{\"a\": 3}"])
        #expect(try await self.plan(head: again)?.digest != plan.digest)
    }

    @Test(arguments: [
        ["Gemfile.lock": "b"], ["package-lock.json": "{\"resolved\": \"git+ssh://git@h/a.git\"}"],
        ["requirements.txt": "-e ."],
    ])
    func `what would be run while it is installed is not, and it is said`(files: [String: String]) async throws {
        let plan = try #require(try await plan(head: try await changed(files)))
        #expect(plan.change == nil && plan.digest == plan.baseDigest)
        #expect(plan.obstacle?.contains("a person has to bring it to the base branch") == true)
    }

    @Test func `a lock file that is a link is not followed`() async throws {
        let tree = try await WorkTree.checkout(
            mirror: mirror, commit: base, at: folder.path("work/link"), sandboxRepository: false)
        try FileManager.default.createSymbolicLink(
            atPath: "\(tree.directory)/go.sum", withDestinationPath: "/etc/passwd")
        let commit = try await tree.snapshot(parent: base, message: "Link", date: Date()).commit
        let head = try #require(commit)
        #expect(try await plan(head: head)?.obstacle?.contains("go.sum") == true)
    }

    @Test func `nothing is installed unless the operator says for whom and from where`() throws {
        func policy(_ companies: String, _ hosts: String) throws -> SetupPolicy {
            try SetupPolicy(SettingsSource(values: ["SETUP_COMPANIES": companies, "SETUP_HOSTS": hosts]))
        }
        let acme = try #require(CompanyID("acme"))
        func refusal(_ companies: String, _ hosts: String, fetch: [String] = []) throws -> String? {
            let policy = try policy(companies, hosts)
            let steps = SetupSteps(commands: ["npm ci"], hosts: fetch.compactMap { HostPattern($0) })
            do { try policy.admit(steps, for: acme) } catch { return error.description }
            return nil
        }
        #expect(try refusal("", "pypi.org")?.hasPrefix("validation.setup: ") == true)
        #expect(try refusal("other", "pypi.org")?.contains("SETUP_COMPANIES") == true)
        #expect(try refusal("acme", "")?.contains("SETUP_HOSTS") == true)
        #expect(
            try refusal("acme", "pypi.org", fetch: ["npmjs.org"]) == "validation.fetch: npmjs.org is not in SETUP_HOSTS"
        )
        #expect(try refusal("acme,b", "pypi.org, *.corp.example", fetch: []) == nil)
        #expect(try refusal("*", "*.corp.example", fetch: ["a.corp.example"]) == nil)
        #expect(throws: SettingsError.self) { try policy("a b", "") }
        #expect(throws: SettingsError.self) { try policy("", "https://pypi.org") }
        try policy("", "").admit(SetupSteps(), for: acme)
    }
}
