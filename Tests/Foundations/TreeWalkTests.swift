import Foundation
import Foundations
import TestSupport
import Testing

@Suite struct TreeWalkTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder("walk")
        try folder.write("tree/a/b/deep.txt", "1")
        try folder.write("tree/top.txt", "2")
        try folder.write("outside/secret.txt", "3")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("tree/link"), withDestinationPath: folder.path("outside"))
    }

    private func paths(
        _ walk: TreeWalk = TreeWalk(access: .lent), _ step: (TreeWalk.Entry) -> TreeWalk.Step = { _ in .on }
    ) throws -> (paths: Set<String>, isComplete: Bool) {
        var paths: Set<String> = []
        let isComplete = try walk.run(folder.path("tree")) { entry in
            #expect(entry.prefix.isEmpty || paths.contains(String(entry.prefix.dropLast())))
            paths.insert(entry.path)
            return step(entry)
        }
        return (paths, isComplete)
    }

    @Test func `everything is visited, parents first, and no link is followed`() throws {
        let found = try paths()
        #expect(found.isComplete)
        #expect(found.paths == ["a", "a/b", "a/b/deep.txt", "top.txt", "link"])
    }

    @Test func `a folder that is passed by is not looked into`() throws {
        let found = try paths { $0.path == "a" ? .past : .on }
        #expect(found.isComplete)
        #expect(found.paths == ["a", "top.txt", "link"])
    }

    @Test func `a visit may end the walk, wherever it is`() throws {
        let found = try paths { $0.path == "a/b/deep.txt" ? .end : .on }
        #expect(!found.isComplete)
        #expect(found.paths.contains("a/b/deep.txt"))
    }

    @Test func `what lies too deep is an error, or passed over where that was asked for`() throws {
        #expect(throws: FileFailure(ELOOP)) { try paths(TreeWalk(access: .lent, deepest: 2)) }
        let found = try paths(TreeWalk(access: .lent, deepest: 2, isLenient: true))
        #expect(found.isComplete)
        #expect(found.paths == ["a", "a/b", "top.txt", "link"])
    }

    @Test func `a folder that vanishes before it is looked into is passed over`() throws {
        let found = try paths { entry in
            if entry.path == "a" { try? FileManager.default.removeItem(atPath: folder.path("tree/a")) }
            return .on
        }
        #expect(found.isComplete)
        #expect(found.paths.contains("a") && !found.paths.contains("a/b"))
    }
}
