import Foundation
import Foundations
import Git
import TestSupport
import Testing

/// Figures for the eye, printed only when asked for: `AUTOMATA_MEASURE=1`.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["AUTOMATA_MEASURE"] != nil))
struct `Figures of the Git module` {
    private static func measure(_ what: String, times: Int, _ body: (Int) async throws -> Void) async throws {
        var samples: [Double] = []
        for round in 0..<times {
            let start = ContinuousClock.now
            try await body(round)
            samples.append((ContinuousClock.now - start).seconds * 1000)
        }
        samples.sort()
        let (median, high) = (samples[times / 2], samples[min(times - 1, times * 95 / 100)])
        print("FIGURE \(what): p50 \(median.formatted(.number.precision(.fractionLength(2)))) ms, p95 \(high) ms")
    }

    @Test func `with 1,600 files`() async throws {
        let files = Dictionary(
            uniqueKeysWithValues: (0..<1600).map { index in
                (
                    "dir\(index % 40)/sub\(index % 3)/file\(index).txt",
                    (0..<120).map { "line \($0) of \(index)\n" }.joined()
                )
            })
        let remote = try await GitRemote(files: files)
        let host = try Host()
        let (mirror, base, url) = try await host.fetched(remote)
        try await Self.measure("warm fetch, local path", times: 20) { _ in
            _ = try await mirror.fetch(remote: url, branch: RefName("main"))
        }
        try await Self.measure("checkout with repository (first makes the pack)", times: 6) { round in
            _ = try await WorkTree.checkout(mirror: mirror, commit: base, at: host.workPath("c\(round)"))
        }
        try await Self.measure("checkout without repository", times: 5) { round in
            _ = try await WorkTree.checkout(
                mirror: mirror, commit: base, at: host.workPath("d\(round)"), sandboxRepository: false)
        }
        let tree = try await WorkTree.checkout(mirror: mirror, commit: base, at: host.workPath())
        var head = base
        try await Self.measure("snapshot, nothing changed", times: 30) { _ in
            _ = try await tree.snapshot(parent: base, message: "x", date: someDate)
        }
        try await Self.measure("snapshot, one file edited", times: 60) { round in
            try write(["dir1/sub1/file1.txt": "round \(round)\n"], in: tree.directory)
            head = try await tree.snapshot(parent: base, message: "x", date: someDate).commit ?? base
        }
        var size = 0
        try await Self.measure("pack of that snapshot", times: 30) { _ in
            size = try await mirror.pack(want: head, have: [base]).count
        }
        try await Self.measure("snapshot and pack, one file edited", times: 60) { round in
            try write(["dir1/sub1/file1.txt": "round \(round) b\n"], in: tree.directory)
            head = try await tree.snapshot(parent: base, message: "x", date: someDate).commit ?? base
            _ = try await mirror.pack(want: head, have: [base])
        }
        try await Self.measure("restore to the base and back", times: 10) { _ in
            try await tree.restore(base)
            try await tree.restore(head)
        }
        let pack = try await mirror.pack(want: head, have: [base])
        try await Self.measure("add of a checkpoint", times: 20) { _ in
            try await mirror.add(pack: pack, head: head)
        }
        print("FIGURE size of the pack: \(size) bytes")
    }
}
