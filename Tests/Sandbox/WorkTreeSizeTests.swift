import Foundation
import TestSupport
import Testing

@testable import Sandbox

/// What a command hides from a service that is not root counts all the same.
@Suite struct WorkTreeSizeTests {
    private let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder("tree-walk")
        try folder.write("tree/closed/inner/big", String(repeating: "x", count: 3_000_000))
        try await OrdinaryAccount.give(folder.path)
        for name in ["closed/inner", "closed"] { chmod(folder.path("tree/\(name)"), 0) }
    }

    private func exceeds(_ bytes: Int) async throws -> Bool {
        let root = folder.path("tree")
        return try await OrdinaryAccount.run { try WorkTreeFiles.isBeyond(SandboxLimits(workTreeBytes: bytes), root) }
    }

    @Test func `closed folders count, and stay closed`() async throws {
        #expect(try await exceeds(2_000_000))
        #expect(try await !exceeds(5_000_000))
        var info = stat()
        #expect(lstat(folder.path("tree/closed"), &info) == 0 && info.st_mode & 0o777 == 0)
        #expect(lstat(folder.path("tree/closed/inner"), &info) == 0 && info.st_mode & 0o777 == 0)
    }

    @Test(.enabled(if: geteuid() == 0, "only root may give files away"))
    func `a folder that stays closed is too much`() async throws {
        chmod(folder.path("tree/closed"), 0o700)
        _ = try await Program.run(["chown", "0:0", folder.path("tree/closed")])
        await #expect(throws: (any Error).self) { try await exceeds(5_000_000) }
    }
}
