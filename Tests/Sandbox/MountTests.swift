import Foundation
import Glibc
import TestSupport
import Testing

@testable import Sandbox

/// What commands see at places of their own.
@Suite(.timeLimit(.minutes(1)))
struct MountTests {
    /// Runs `script` with a folder that holds `file`, seen at each of the places.
    private func run(
        _ script: String, at places: [String], isWritable: Bool = false, in fixture: SandboxFixture
    ) async throws -> CommandOutcome {
        let folder = fixture.folder.appending(path: "closed/shown").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("kept\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/file"))
        try await fixture.sandbox.prepare(workTree: folder)
        var command = SandboxCommand.shell(script, workTree: fixture.workTree)
        command.mounts = places.map { SandboxMount(folder, at: $0, isWritable: isWritable) }
        return try await fixture.sandbox.run(command)
    }

    @Test(arguments: ["/workspace/node_modules", "/workspace/a/b/c", "/setup/home", "/run/x"])
    func `a folder is seen at its place and cannot be changed`(place: String) async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await run(
                "cat \(place)/file; echo x > \(place)/file; rm -rf \(place) 2>/dev/null; cat \(place)/file",
                at: [place], in: fixture)
            #expect(outcome.output.contains("kept\n") && outcome.output.hasSuffix("kept\n"), "\(outcome.output)")
            #expect(outcome.output.contains("Read-only file system"))
        }
    }

    @Test func `in the work tree of the host an empty folder is left`() async throws {
        try await SandboxFixture.with { fixture in
            _ = try await run("true", at: ["/workspace/a/b"], in: fixture)
            #expect(try FileManager.default.subpathsOfDirectory(atPath: fixture.workTree).sorted() == ["a", "a/b"])
        }
    }

    @Test func `a writable folder keeps what is written, and a temporary one nothing`() async throws {
        try await SandboxFixture.with { fixture in
            _ = try await run("echo new > /setup/home/new", at: ["/setup/home"], isWritable: true, in: fixture)
            let again = try await run("cat /setup/home/new", at: ["/setup/home"], in: fixture)
            #expect(again.output == "new\n")
            var command = SandboxCommand.shell(
                "echo x > /setup/home/file && cat /setup/home/*", workTree: fixture.workTree)
            command.mounts = [
                SandboxMount(fixture.folder.appending(path: "closed/shown").path, at: "/setup/home"),
                SandboxMount(temporaryAt: "/setup/home"),
            ]
            #expect(try await fixture.sandbox.run(command).output == "x\n")
            #expect(try await run("cat /setup/home/file", at: ["/setup/home"], in: fixture).output == "kept\n")
        }
    }

    @Test(arguments: [
        "ln -s /etc a", "ln -s ../../outside a", "touch a", "mkdir a && ln -s / a/b", "mkdir a && touch a/b",
    ])
    func `what a command put in the way is not followed`(trick: String) async throws {
        try await SandboxFixture.with { fixture in
            #expect(try await fixture.shell(trick).succeeded)
            let outcome = try await run("true", at: ["/workspace/a/b"], in: fixture)
            #expect(outcome.exitCode == 126 && outcome.output.contains("has to stay a folder"), "\(outcome.output)")
        }
    }

    @Test func `every command of a sandbox sees what it shows, with its environment and programs`() async throws {
        try await SandboxFixture.with { fixture in
            _ = try await run("true", at: ["/setup/home"], in: fixture)
            let folder = fixture.folder.appending(path: "closed/shown")
            let sandbox = fixture.sandbox.showing(
                [SandboxMount(folder.path, at: "/setup/home")], environment: ["X": "y"], lookingUp: ["/setup/home/bin"])
            let outcome = try await sandbox.run(
                .shell("cat /setup/home/file; echo $X; echo $PATH", workTree: fixture.workTree))
            #expect(outcome.output.hasPrefix("kept\ny\n/setup/home/bin:"), "\(outcome.output)")
            #expect(sandbox.surroundings != fixture.sandbox.surroundings)
        }
    }

    @Test func `without a sandbox nothing is shown, and it is said`() async throws {
        try await SandboxFixture.with(.none) { fixture in
            await #expect(throws: SandboxError.self) { try await run("true", at: ["/setup"], in: fixture) }
        }
    }

    @Test func `the weaker forms show it as well`() async throws {
        try await SandboxFixture.with { fixture in
            _ = try await run("true", at: ["/setup/home"], in: fixture)
            for form in Bubblewrap.UserNamespace.allCases where form != .none || geteuid() == 0 {
                let configuration = SandboxConfiguration()
                let bubblewrap = Bubblewrap(
                    view: HostView(configuration), account: configuration.droppedAccount, memory: .watched,
                    userNamespace: form)
                var command = SandboxCommand.shell("cat /setup/home/file", workTree: fixture.workTree)
                command.mounts = [
                    SandboxMount(fixture.folder.appending(path: "closed/shown").path, at: "/setup/home")
                ]
                let outcome = try await ProcessRun(
                    invocation: bubblewrap.invocation(
                        for: command, environment: ["PATH": bubblewrap.view.searchPath.joined(separator: ":")]),
                    command: command, memory: .watched
                ).outcome()
                #expect(outcome.output == "kept\n", "\(form): \(outcome.output)")
            }
        }
    }

    @Test func `a command with a way out is not told that there is none`() async throws {
        try await SandboxFixture.with { fixture in
            var command = SandboxCommand.shell("echo Could not resolve host; exit 1", workTree: fixture.workTree)
            let alone = try await fixture.sandbox.run(command)
            #expect(alone.output.contains("without network"))
            command.hasNetwork = true
            let connected = try await fixture.sandbox.run(command)
            #expect(!connected.output.contains("without network"))
        }
    }
}
