import Foundation
import Glibc
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(1)))
struct IsolationTests {
    @Test func `a command writes its work tree, seen at a neutral path`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("pwd; echo text > file; cat file")
            #expect(outcome.exitCode == 0)
            #expect(outcome.output == "/workspace\ntext\n")
            #expect(FileManager.default.fileExists(atPath: fixture.workTree + "/file"))
        }
    }

    @Test func `a command reaches no network`() async throws {
        try await SandboxFixture.with { fixture in
            let listener = try #require(LoopbackListener())
            let outcome = try await fixture.shell("exec 3<>/dev/tcp/127.0.0.1/\(listener.port)")
            #expect(outcome.exitCode != 0)
            let interfaces = try await fixture.shell("cat /proc/net/dev | tail -n +3 | cut -d: -f1")
            #expect(interfaces.output.trimmingCharacters(in: .whitespacesAndNewlines) == "lo")
        }
    }

    @Test(arguments: ["/root", "/home", "/etc/shadow", "/var", "/run", "/sys", "/tmp/outside"])
    func `host files are out of sight`(path: String) async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("ls \(path) 2>&1")
            #expect(outcome.output.contains("No such file"), "\(outcome.output)")
        }
    }

    @Test func `the work tree of another task is out of sight`() async throws {
        try await SandboxFixture.with { first in
            try await SandboxFixture.with { second in
                _ = try await first.shell("echo secret > secret")
                let outcome = try await second.shell("cat \(first.workTree)/secret; cat ../*/secret; ls /workspace")
                #expect(!outcome.output.contains("secret\n") || outcome.output.contains("No such file"))
                #expect(outcome.exitCode == 0)
            }
        }
    }

    @Test(arguments: ["/file", "/usr/file", "/etc/file", "/etc/passwd", "/opt/file", "/dev/file", "/bin/new-file"])
    func `writing outside of the work tree is refused`(path: String) async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("echo x >> \(path)")
            #expect(outcome.exitCode != 0, "\(outcome.output)")
            #expect(!FileManager.default.fileExists(atPath: path) || path == "/etc/passwd")
        }
    }

    @Test func `the environment holds nothing of the service`() async throws {
        setenv("SANDBOX_TEST_API_KEY", "value-of-the-key", 1)
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'")
            #expect(!outcome.output.contains("value-of-the-key"))
            #expect(outcome.output.contains("GIT_TERMINAL_PROMPT=0"))
            #expect(outcome.output.contains("HOME=/tmp/home"))
            #expect(outcome.output.contains("LC_ALL=C.UTF-8"))
        }
    }

    @Test func `a command runs as an ordinary user without capabilities`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("id -u; grep -E '^(CapEff|CapPrm|NoNewPrivs)' /proc/self/status")
            #expect(!outcome.output.hasPrefix("0\n"))
            #expect(outcome.output.contains("CapEff:\t0000000000000000"))
            #expect(outcome.output.contains("CapPrm:\t0000000000000000"))
            #expect(outcome.output.contains("NoNewPrivs:\t1"))
        }
    }

    @Test func `tmp, home and shared memory are private to a run`() async throws {
        try await SandboxFixture.with { fixture in
            let first = try await fixture.shell("touch /tmp/a ~/a /dev/shm/a && ls /tmp ~")
            #expect(first.exitCode == 0, "\(first.output)")
            let second = try await fixture.shell("ls /tmp/a ~/a /dev/shm/a")
            #expect(second.exitCode != 0)
        }
    }

    @Test func `a command sees no process but its own`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("ls -d /proc/[0-9]* | wc -l")
            #expect((Int(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 99) < 10)
        }
    }

    @Test func `files that root writes are handed over, links are not followed`() async throws {
        try await SandboxFixture.with { fixture in
            let nested = fixture.workTree + "/a/b"
            try FileManager.default.createDirectory(atPath: nested, withIntermediateDirectories: true)
            let outside = fixture.folder.appending(path: "outside")
            try Data("x".utf8).write(to: outside)
            try FileManager.default.createSymbolicLink(atPath: nested + "/link", withDestinationPath: outside.path)
            try await fixture.sandbox.prepare(workTree: fixture.workTree)
            let outcome = try await fixture.shell("echo y > a/b/new && cat a/b/link")
            #expect(outcome.output.contains("a/b/link: No such file"))
            let attributes = try FileManager.default.attributesOfItem(atPath: outside.path)
            #expect((attributes[.ownerAccountID] as? NSNumber)?.uint32Value == geteuid())
        }
    }

    @Test func `extra folders are readable at their own place`() async throws {
        try await SandboxFixture.with { fixture in
            let tools = fixture.folder.appending(path: "tools")
            try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
            try Data("tool".utf8).write(to: tools.appending(path: "file"))
            let path = tools.appending(path: "file").path
            let command = SandboxCommand(["cat", path], workTree: fixture.workTree, readOnlyPaths: [tools.path])
            let outcome = try await fixture.sandbox.run(command)
            #expect(outcome.output == "tool")
        }
    }
}
