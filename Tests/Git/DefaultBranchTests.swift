import Foundation
import TestSupport
import Testing

@testable import Git

@Suite(.timeLimit(.minutes(2)))
struct `The default branch` {
    private func found(_ remote: GitRemote) async throws -> String {
        let host = try Host()
        let url = try RemoteURL(remote.url, allowLocal: true)
        return try await host.mirror(url).defaultBranch(remote: url).name
    }

    @Test(arguments: ["main", "master", "trunk", "release/1.x"])
    func `is what HEAD of the remote names`(branch: String) async throws {
        let remote = try await GitRemote(branch: branch)
        try await remote.commit(["b": "b"], message: "Other", on: "aaa")
        #expect(try await found(remote) == branch)
    }

    @Test func `is the only one, or the usual one, where HEAD names none`() async throws {
        let remote = try await GitRemote(branch: "work")
        try await remote.git(["symbolic-ref", "HEAD", "refs/heads/gone"])
        #expect(try await found(remote) == "work")
        try await remote.commit(["b": "b"], message: "Other", on: "master")
        #expect(try await found(remote) == "master")
    }

    @Test func `is asked for where nothing tells it, with the names there are`() async throws {
        let remote = try await GitRemote(branch: "one")
        try await remote.git(["symbolic-ref", "HEAD", "refs/heads/gone"])
        try await remote.commit(["b": "b"], message: "Other", on: "two")
        let error = await #expect(throws: GitError.self) { try await found(remote) }
        #expect(error?.code == .branchNotFound)
        #expect(error?.message.contains("repository.branch: one, two") == true)
    }

    @Test func `of an empty repository is none`() async throws {
        let remote = try await GitRemote(files: [:])
        let error = await #expect(throws: GitError.self) { try await found(remote) }
        #expect(error?.code == .emptyRepository)
    }

    @Test func `follows the commit of a HEAD without a name`() throws {
        let (one, two) = (ObjectID(String(repeating: "1", count: 40)), ObjectID(String(repeating: "2", count: 40)))
        let branches = ["refs/heads/a": try #require(one), "refs/heads/main": try #require(two)]
        #expect(try DefaultBranch.choose(from: branches, head: one) == "a")
        #expect(try DefaultBranch.choose(from: branches, head: nil) == "main")
        #expect(DefaultBranch.named(in: "ref: refs/heads/x/y\tHEAD\n\(one?.text ?? "")\tHEAD\n") == "x/y")
        #expect(DefaultBranch.named(in: "ref: refs/remotes/origin/x\tHEAD\n") == nil)
    }
}
