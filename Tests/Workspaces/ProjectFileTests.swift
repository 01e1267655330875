import Contracts
import Foundations
import Git
import TestSupport
import Testing
import Worker

@testable import Workspaces

/// What a repository says of itself.
@Suite struct ProjectFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder("project") }

    private func settings(_ files: [String: String]) async throws -> ProjectSettings {
        let remote = try await GitRemote(files: files)
        let url = try RemoteURL(remote.url, allowLocal: true)
        let mirror = try await MirrorStore(home: folder.path("home"))
            .mirror(company: try #require(CompanyID("acme")), remote: url)
        let base = try await mirror.fetch(remote: url, branch: try RefName(remote.branch))
        let first = try await ProjectSettings(at: base, in: mirror)
        let second = try await ProjectSettings(at: base, in: mirror)
        #expect(first == second)
        return first
    }

    @Test func `is nothing without a file, and what the file says with one`() async throws {
        #expect(try await settings(["a": "1"]) == ProjectSettings())
        let told = try await settings([".automata.yaml": "validation:\n  commands: [make check]\n"])
        #expect(told.commands == ["make check"])
    }

    @Test func `is refused where nobody can tell what it wanted`() async throws {
        for files in [
            [".automata.yml": "validation:\n  commands: [make check]\n"], [".automata.yaml": "validation: 7\n"],
            [".automata.yaml": String(repeating: "#\n", count: 1 << 20)],
        ] {
            let failure = await #expect(throws: StageFailure.self) { try await settings(files) }
            #expect(failure?.status == .validationFailed, "\(failure?.description ?? "")")
        }
    }
}
