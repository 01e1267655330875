import Foundation
import Foundations
import Glibc
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ServerProcessTests {
    @Test func `a program is ready when its line appears, and its output is kept`() async throws {
        let folder = try TemporaryFolder()
        let log = folder.path("out.log")
        let process = try await ServerProcess(
            ["sh", "-c", "echo one; echo two >&2; echo ready; exec cat /dev/zero >/dev/null"], log: log,
            ready: .line("ready"))
        #expect(process.isRunning)
        #expect(process.output.elements == ["one", "two", "ready"])
        #expect(try folder.read("out.log") == "one\ntwo\nready\n")
        #expect(try await process.stop() == 128 + SIGTERM)
        #expect(!process.isRunning)
    }

    @Test func `a program that ends before it is ready is reported with its output`() async throws {
        let error = await #expect(throws: ServerProcess.NotReady.self) {
            try await ServerProcess(["sh", "-c", "echo no such luck; exit 3"], ready: .line("ready"))
        }
        #expect(error?.exitStatus == 3)
        #expect(error?.output == "no such luck")
    }

    @Test func `a program that never becomes ready is killed at the deadline`() async throws {
        await #expect(throws: DeadlineExceeded.self) {
            try await ServerProcess(["cat", "/dev/zero"], ready: .line("ready"), within: .milliseconds(100))
        }
    }

    @Test func `a program that does not exist is reported`() async throws {
        let error = await #expect(throws: ServerProcess.NotReady.self) {
            try await ServerProcess(["no-such-program"], ready: .line("ready"))
        }
        #expect(error?.output.contains("no-such-program") == true)
    }

    @Test func `a program that ignores SIGTERM is killed after the grace`() async throws {
        let process = try await ServerProcess(
            ["sh", "-c", "trap '' TERM; echo ready; while :; do read x < /dev/zero; done"], ready: .line("ready"))
        #expect(try await process.stop(grace: .milliseconds(100)) == 128 + SIGKILL)
    }

    @Test func `a child has the default signals and no descriptor of this process`() async throws {
        let stub = try await HTTPStub()
        let process = try await ServerProcess(
            ["sh", "-c", "ls -l /proc/self/fd; grep SigBlk /proc/self/status; echo ready"], ready: .line("ready"))
        let output = process.output.elements.joined(separator: "\n")
        #expect(!output.contains("socket:"))
        #expect(output.contains("SigBlk:\t0000000000000000"))
        await stub.stop()
    }

    @Test(.enabled(if: getuid() == 0)) func `root can run a program as another user`() async throws {
        let process = try await ServerProcess(
            ["sh", "-c", "id -un; echo ready"], environment: ["X": "1"], user: "nobody", ready: .line("ready"))
        #expect(process.output.elements.first == "nobody")
        try await process.waitForExit()
    }

    @Test func `a clean environment holds what is given and PATH alone`() async throws {
        let process = try await ServerProcess(
            ["env"], environment: ["A": "b c"], cleanEnvironment: true, ready: .line("A="))
        try await process.waitForExit()
        #expect(Set(process.output.elements.map { $0.prefix { $0 != "=" } }) == ["A", "PATH"])
    }
}
