import Foundation
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(1)))
struct DetectionTests {
    @Test func `auto finds bubblewrap`() async throws {
        let sandbox = try await Sandbox.detect(.auto)
        #expect(sandbox.level == .bubblewrap)
    }

    @Test func `what works here is told`() async throws {
        let summary = try await Sandbox.detect(.auto).summary
        #expect(summary.contains("system calls filtered"))
        #expect(summary.contains("memory"))
        #expect(SandboxMode(rawValue: "landlock") == nil)
    }

    @Test func `no sandbox must be asked for`() async throws {
        let sandbox = try await Sandbox.detect(.none)
        #expect(sandbox.level == .none)
    }

    @Test func `a missing work tree is a typed error`() async throws {
        let sandbox = try await Sandbox.detect(.bubblewrap)
        let error = try await #require(throws: SandboxError.self) {
            try await sandbox.run(.init(["true"], workTree: "/no/such/folder"))
        }
        #expect(error.code == .workTreeMissing)
    }

    @Test func `hostile arguments stay arguments`() async throws {
        try await SandboxFixture.with { fixture in
            let hostile = ["echo", "--", "$(id)", "; rm -rf /", "-n", "\u{1F4A3}", ""]
            let outcome = try await fixture.sandbox.run(.init(hostile, workTree: fixture.workTree))
            #expect(outcome.output == hostile.dropFirst().joined(separator: " ") + "\n")
            await #expect(throws: SandboxError.self) {
                try await fixture.sandbox.run(.init(["echo", "a\0b"], workTree: fixture.workTree))
            }
        }
    }
}
