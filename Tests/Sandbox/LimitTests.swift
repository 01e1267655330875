import Foundation
import Foundations
import Testing

@testable import Sandbox

@Suite(.serialized, .timeLimit(.minutes(1)))
struct LimitTests {
    @Test func `exit codes and both streams come back`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("echo out; echo err >&2; exit 7")
            #expect(outcome.exitCode == 7)
            #expect(outcome.output == "out\nerr\n")
            #expect(!outcome.succeeded)
        }
    }

    @Test func `death by a signal is 128 plus the signal`() async throws {
        try await SandboxFixture.with { fixture in
            let killed = try await fixture.shell("kill -9 $$")
            let crashed = try await fixture.shell("kill -SEGV $$")
            #expect([killed.exitCode, crashed.exitCode] == [137, 139])
        }
    }

    @Test func `an unknown program is an ordinary failure`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.sandbox.run(.init(["no-such-program"], workTree: fixture.workTree))
            #expect(outcome.exitCode == 127)
        }
    }

    @Test(arguments: [SandboxMode.bubblewrap, .none])
    func `a timeout ends everything that the command started`(mode: SandboxMode) async throws {
        try await SandboxFixture.with(mode) { fixture in
            let line = try #require(LifeLine(in: fixture.workTree))
            // Only a namespace can hold what leaves the session.
            let escape = mode == .none ? "" : "setsid nohup sleep 60 >/dev/null 2>&1 &"
            let outcome = try await fixture.shell(
                LifeLine.hold + "trap '' TERM; \(escape) sleep 60 & echo started; wait", timeout: .milliseconds(700))
            #expect(outcome.exitCode == 124)
            #expect(outcome.timedOut)
            #expect(outcome.output == "started\n")
            #expect(outcome.duration < .seconds(10))
            let cut = try await line.cut()
            #expect(cut)
        }
    }

    @Test(arguments: [SandboxMode.bubblewrap, .none])
    func `a background child that holds the pipe delays nothing`(mode: SandboxMode) async throws {
        try await SandboxFixture.with(mode) { fixture in
            let line = try #require(LifeLine(in: fixture.workTree))
            let outcome = try await fixture.shell(LifeLine.hold + "sleep 60 & echo done")
            #expect(outcome.exitCode == 0)
            #expect(outcome.output == "done\n")
            #expect(outcome.interruption == nil)
            let cut = try await line.cut()
            #expect(cut)
        }
    }

    @Test func `cancelling the task ends the command at once`() async throws {
        try await SandboxFixture.with { fixture in
            let line = try #require(LifeLine(in: fixture.workTree))
            let task = Task { try await fixture.shell(LifeLine.hold + "setsid sleep 60 & sleep 60") }
            let begun = try await line.begun()
            #expect(begun)
            let start = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            let duration = start.duration(to: .now)
            // Idle machines need a few milliseconds.
            #expect(duration < .seconds(2))
            let cut = try await line.cut()
            #expect(cut)
        }
    }

    @Test func `a fork bomb is contained and ends with the command`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell(
                "bomb() { bomb | bomb & }; bomb; sleep 1; echo alive",
                timeout: .seconds(5), limits: .init(processes: 60))
            #expect(outcome.output.contains("fork"), "\(outcome.output.prefix(200))")
            #expect(outcome.duration < .seconds(10))
        }
    }

    @Test func `the limit on processes counts for one command alone`() async throws {
        try await SandboxFixture.with { fixture in
            let script = "for i in $(seq 25); do sleep 1 & done; wait; echo ok"
            async let first = fixture.shell(script, limits: .init(processes: 40))
            async let second = fixture.shell(script, limits: .init(processes: 40))
            let outputs = try await [first.output, second.output]
            #expect(outputs == ["ok\n", "ok\n"])
        }
    }

    @Test func `one file grows to its limit and no further`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell(
                "head -c 9000000 /dev/zero > big; stat -c %s big", limits: .init(fileBytes: 4_000_000))
            #expect(outcome.output.contains("4000000"), "\(outcome.output)")
        }
    }

    @Test func `a command that fills the disk is killed`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell(
                "i=0; while true; do head -c 1000000 /dev/zero > f$i; i=$((i+1)); done",
                limits: .init(workTreeBytes: 50_000_000))
            #expect(outcome.interruption == .diskLimit)
            #expect(outcome.exitCode == 137)
        }
    }

    @Test func `a command that fills the disk with a file that has no name any more is killed`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell(
                "exec 5>f; rm f; while head -c 1000000 /dev/zero >&5; do :; done 2>/dev/null; sleep 20",
                limits: .init(fileBytes: 200_000_000, workTreeBytes: 50_000_000))
            #expect(outcome.interruption == .diskLimit)
        }
    }

    @Test(arguments: [(1, 1), (300, 3), (60_000, 5)])
    func `a large tree is walked less often, but never seldom`(milliseconds: Int, seconds: Int) {
        #expect(ProcessRun.pause(lookTook: .milliseconds(milliseconds)) == .seconds(seconds))
    }

    @Test(arguments: [SandboxMode.bubblewrap, .none])
    func `a command that sends its output elsewhere goes on`(mode: SandboxMode) async throws {
        try await SandboxFixture.with(mode) { fixture in
            let outcome = try await fixture.shell("exec >log 2>&1; sleep 0.3; echo late; exit 3")
            #expect(outcome.exitCode == 3)
            let log = try await fixture.shell("cat log")
            #expect(log.output == "late\n")
        }
    }

    @Test func `tmp is bounded`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell(
                "head -c 9000000 /dev/zero > /tmp/big", limits: .init(temporaryBytes: 1_000_000))
            #expect(outcome.output.contains("No space left"))
        }
    }

    @Test func `of a long output the beginning and the end are kept`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("seq 1 200000", limits: .init(keptOutputBytes: 100))
            #expect(outcome.output.hasPrefix("1\n2\n3\n"))
            #expect(outcome.output.hasSuffix("199999\n200000\n"))
            #expect(outcome.truncatedBytes == 1_288_895 - 200)
            #expect(outcome.output.contains("[... 1288695 bytes of output cut ...]"))
        }
    }

    @Test func `a flood of output is cut off`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("yes", limits: .init(outputBytes: 4_000_000))
            #expect(outcome.interruption == .outputLimit)
            #expect(outcome.output.utf8.count < 40_000)
        }
    }
}
