import Foundation
import Testing

@testable import Sandbox

@Suite(.serialized, .timeLimit(.minutes(2)))
struct MemoryTests {
    private static let hungry = """
        import sys
        held = []
        while True:
            held.append(b"x" * (8 << 20))
            print(len(held) * 8, flush=True)
        """

    @Test func `a command that eats memory is killed at its limit, and is told so`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.sandbox.run(
                .init(
                    ["/usr/bin/python3", "-c", Self.hungry], workTree: fixture.workTree,
                    limits: .init(memoryBytes: 300 << 20, keptOutputBytes: 200)))
            #expect(outcome.interruption == .memoryLimit)
            #expect(outcome.exitCode == 137)
            let reached = outcome.output.split(separator: "\n").compactMap { Int($0) }.last ?? .max
            #expect(reached < 900, "MiB that it had")
        }
    }

    @Test(arguments: [SandboxMode.bubblewrap, .none])
    func `many small processes count together`(mode: SandboxMode) async throws {
        try await SandboxFixture.with(mode) { fixture in
            let line = try #require(LifeLine(in: fixture.workTree))
            let one = "python3 -c 'x = b\"x\" * (60 << 20); import signal; signal.pause()' & "
            let outcome = try await fixture.shell(
                LifeLine.hold + String(repeating: one, count: 6) + "wait", timeout: .seconds(60),
                limits: .init(memoryBytes: 250 << 20))
            #expect(outcome.interruption == .memoryLimit)
            let cut = try await line.cut()
            #expect(cut)
        }
    }

    @Test func `memory that processes share counts once`() async throws {
        try await SandboxFixture.with { fixture in
            let script = """
                import os, time
                held = b"x" * (120 << 20)
                children = [os.fork() for _ in range(3) if True]
                end = time.monotonic() + 1.5
                while time.monotonic() < end: pass
                if all(children): print("done")
                """
            let outcome = try await fixture.sandbox.run(
                .init(
                    ["/usr/bin/python3", "-c", script], workTree: fixture.workTree,
                    limits: .init(memoryBytes: 400 << 20)))
            #expect(outcome.interruption == nil)
            #expect(outcome.output == "done\n")
        }
    }

    @Test func `the sandbox's own limit holds where a command names a larger one`() async throws {
        try await SandboxFixture.with { fixture in
            let sandbox = try await Sandbox.detect(.bubblewrap, configuration: .init(memoryBytes: 200 << 20))
            let outcome = try await sandbox.run(
                .init(
                    ["/usr/bin/python3", "-c", Self.hungry], workTree: fixture.workTree,
                    limits: .init(memoryBytes: 8 << 30, keptOutputBytes: 200)))
            #expect(outcome.interruption == .memoryLimit)
        }
    }

    @Test func `address space is not memory`() async throws {
        try await SandboxFixture.with { fixture in
            // 16 TiB, as sanitizers reserve it: MAP_PRIVATE, MAP_ANONYMOUS, MAP_NORESERVE.
            let script = "import mmap; m = mmap.mmap(-1, 16 << 40, flags=0x4022); m[1 << 40] = 1; print(m[1 << 40])"
            let outcome = try await fixture.sandbox.run(
                .init(["/usr/bin/python3", "-c", script], workTree: fixture.workTree))
            #expect(outcome.output == "1\n")
        }
    }

    @Test func `memory that no process has mapped cannot be had`() async throws {
        try await SandboxFixture.with { fixture in
            let script = "import os; os.write(os.memfd_create('x'), b'x')"
            let outcome = try await fixture.sandbox.run(
                .init(["/usr/bin/python3", "-c", script], workTree: fixture.workTree))
            let isCounted = if case .controlGroup = MemoryLimit.find() { true } else { false }
            #expect(isCounted || outcome.output.contains("not implemented"), "\(outcome.output)")
        }
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/gcc"), "needs gcc"))
    func `a program with a sanitizer runs, and finds what is wrong`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell(
                """
                printf '#include <stdio.h>\\n#include <stdlib.h>\\nint main(int c, char **v) {
                  char *p = malloc(8); p[c + 6] = 1; puts("fine"); return 0; }' > a.c
                gcc -g -fsanitize=address -o a a.c && ./a && ./a x 2>&1 | grep -o heap-buffer-overflow | sort -u
                gcc -g -fsanitize=thread -o t a.c && ./t
                """)
            #expect(outcome.output == "fine\nheap-buffer-overflow\nfine\n", "\(outcome.output)")
        }
    }

    @Test(arguments: [(4096, 1, 200), (1024, 1, 125), (1, 1, 20), (4096, 20, 400), (4096, 3000, 1000)])
    func `the fuller memory is, the sooner it is looked at`(megabytes: Int, took: Int, pause: Int) {
        let found = MemoryWatch.pause(left: megabytes << 20, lookTook: .milliseconds(took))
        #expect(found == .milliseconds(pause))
    }
}
