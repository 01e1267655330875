import Foundation
import TestSupport
import Testing

@testable import Workspaces

@Suite struct WorkFoldersTests {
    @Test func `the folders of processes that died go, whatever they hold, and no other`() async throws {
        let home = try TemporaryFolder("work-folders")
        let files = FileManager.default
        let own = try WorkFolders.hold(home.path, owner: "own")
        #expect(own != nil)
        // Killed: the lock is free. Killed before this version: the lock was removed although the folder stayed.
        try home.write("worktrees/dead.lock", "")
        for owner in ["dead", "orphan", "own"] {
            try home.write("worktrees/\(owner)/task/tree/closed/file", "x")
            chmod(home.path("worktrees/\(owner)/task/tree/closed"), 0o555)
        }
        let (removed, failures) = try await WorkFolders.removeAbandoned(home.path)
        #expect(removed == 2 && failures.isEmpty)
        #expect(try files.contentsOfDirectory(atPath: home.path("worktrees")).sorted() == ["own", "own.lock"])
        try await WorkFolders.remove(home.path, owner: "own")
        #expect(try files.contentsOfDirectory(atPath: home.path("worktrees")).isEmpty)
        withExtendedLifetime(own) {}
    }
}
