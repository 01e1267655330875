import Foundation
import TestSupport
import Testing

@testable import CommandRuns

@Suite struct NewFoldersTests {
    @Test func `new folders are those that hold nothing of the commit, the outermost of each`() throws {
        let tree = try TemporaryFolder("tree")
        for path in [
            "a.txt", "src/a.swift", "node_modules/a/index.js", "src/gen/x", "src/deep/er/b", "src/deep/new/b", ".git/x",
            "src/.git/x", "build.log",
        ] {
            try tree.write(path, "x")
        }
        try FileManager.default.createSymbolicLink(atPath: tree.path("link"), withDestinationPath: "/etc")
        let tracked = ["a.txt", "src/a.swift", "src/deep/er/b"]
        #expect(
            try NewFolders.find(in: tree.path, tracked: tracked) == ["node_modules", "src/deep/new", "src/gen"])
    }
}
