import Foundation
import Foundations
import Git
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct `A push` {
    private let host: Host
    private let remote: GitRemote
    private let mirror: Mirror
    private let base: ObjectID
    private let url: RemoteURL
    private let ref: RefName

    init() async throws {
        host = try Host()
        remote = try await GitRemote(files: ["a": "1"])
        try await remote.commit(["a": "2"], message: "second")
        (mirror, base, url) = try await host.fetched(remote)
        ref = try RefName("feat/20261121-x")
    }

    private func commit(_ message: String, on parent: ObjectID? = nil) async throws -> ObjectID {
        let parent = parent ?? base
        return try await mirror.commit(
            tree: mirror.tree(of: parent), parents: [parent], message: message, date: someDate)
    }

    private func push(_ commit: ObjectID, expecting old: ObjectID?) async throws -> PushOutcome {
        try await mirror.push(commit, to: ref, expecting: old, remote: url)
    }

    @Test func `creates the branch, and again is no work`() async throws {
        let commit = try await commit("work")
        #expect(try await mirror.remoteRef(remote: url, ref: ref) == nil)
        #expect(try await push(commit, expecting: nil) == .pushed)
        #expect(try await push(commit, expecting: nil) == .alreadyThere)
        #expect(try await mirror.remoteRef(remote: url, ref: ref) == commit)
        #expect(try await remote.log("main..\(ref)") == ["work"])
        // The next value, expecting our own last one.
        let next = try await self.commit("more")
        #expect(try await push(next, expecting: commit) == .pushed)
        #expect(try await remote.git(["fsck", "--strict"]).contains("error") == false)
    }

    @Test func `is rejected when somebody else moved the branch`() async throws {
        let other = try await remote.commit(["b": "theirs"], message: "theirs", on: ref.name)
        let mine = try await commit("mine")
        for expected in [nil, base] {
            let error = await #expect(throws: GitError.self) { try await push(mine, expecting: expected) }
            #expect(error?.code == .pushRejected)
            #expect(error?.isRetriable == false)
        }
        #expect(try await remote.commitID(ref.name) == other)
    }

    @Test func `works after the base branch moved on and was rewritten`() async throws {
        let commit = try await commit("late")
        try await remote.commit(["c": "x"], message: "third")
        #expect(try await push(commit, expecting: nil) == .pushed)
    }

    @Test func `carries whom a commit names, the same each time`() async throws {
        let (ada, bot) = (
            Author(name: "Ada", email: "ada@corp.example"), Author(name: "Bot", email: "bot@corp.example")
        )
        func make(_ committer: Author?) async throws -> ObjectID {
            try await mirror.commit(
                tree: mirror.tree(of: base), parents: [base], message: "x", author: ada, committer: committer,
                date: someDate)
        }
        let commit = try await make(bot)
        #expect(try await make(bot) == commit)
        #expect(try await make(nil) != commit)
        _ = try await push(commit, expecting: nil)
        let names = try await remote.git(["log", "-1", "--format=%an <%ae> %cn <%ce>", ref.name])
        #expect(names == "Ada <ada@corp.example> Bot <bot@corp.example>\n")
    }

    @Test func `names the reason of the remote`() async throws {
        try remote.refusePushes("branch names must carry a ticket")
        let commit = try await commit("x")
        let error = await #expect(throws: GitError.self) { try await push(commit, expecting: nil) }
        #expect(error?.code == .pushRejected)
        #expect(error?.message.contains("must carry a ticket") == true, "\(error?.message ?? "")")
    }

    @Test func `tells all that a hook says, line by line, within bounds and without secrets`() async throws {
        let words = (1...40).map { "rule \($0): a branch carries the number of its ticket, as in feat/T-\($0)" }
        try remote.hook(
            "pre-receive",
            "cat >&2 <<'END'\n======\n\(words.joined(separator: "\n"))\nsee https://bot:pw@wiki/x\nEND\nexit 1")
        let commit = try await commit("x")
        let error = await #expect(throws: GitError.self) { try await push(commit, expecting: nil) }
        let lines = (error?.message ?? "").split(separator: "\n").map(String.init)
        #expect(Array(lines.dropFirst().prefix(30)) == Array(words.prefix(30)), "\(lines)")
        #expect(error?.message.contains("pw@") == false && error?.message.unicodeScalars.count ?? 0 < 3200)
        try remote.hook("pre-receive", "yes 'no way' | head -c 30000 >&2; exit 1")
        let flood = await #expect(throws: GitError.self) { try await push(commit, expecting: nil) }
        #expect(flood?.code == .pushRejected && flood?.message.hasSuffix("…") == true)
        try remote.hook("pre-receive", "echo 'no way' >&2; yes 'a line of its checks' | head -c 3000000 >&2; exit 1")
        let log = await #expect(throws: GitError.self) { try await push(commit, expecting: nil) }
        #expect(log?.code == .pushRejected && log?.message.contains("no way") == true, "\(String(describing: log))")
    }

    @Test func `of a commit that is not here fails before the remote is touched`() async throws {
        let stranger = try #require(ObjectID(String(repeating: "ab", count: 20)))
        let error = await #expect(throws: GitError.self) { try await push(stranger, expecting: nil) }
        #expect(error?.code == .objectNotFound)
        #expect(error?.isRetriable == true)
    }

    @Test func `of two at once lands once`() async throws {
        let commit = try await commit("twice")
        let outcomes = try await withThrowingTaskGroup(of: PushOutcome.self) { group in
            for _ in 0..<4 { group.addTask { try await push(commit, expecting: nil) } }
            return try await group.reduce(into: [PushOutcome]()) { $0.append($1) }
        }
        #expect(outcomes.contains(.pushed))
        #expect(try await remote.commitID(ref.name) == commit.text)
    }

    @Test func `finds out beforehand whether a remote has room for a branch`() async throws {
        let theirs = try await remote.commit(["b": "theirs"], message: "theirs", on: "feat/20261121")
        func standing(_ name: String) async throws -> BranchStanding {
            try await mirror.branches([try RefName(name)], remote: url).standing(of: try RefName(name))
        }
        #expect(try await standing("feat/20261121") == .taken(try #require(ObjectID(theirs))))
        #expect(try await standing("feat/20261121/x/y") == .blocked(by: "feat/20261121"))
        #expect(try await standing("feat") == .blocked(by: "feat/20261121"))
        #expect(try await standing("feat/2026112") == .free)
        #expect(try await standing("20261121") == .free)
    }

    @Test func `is found again at a branch that others went on with`() async throws {
        let commit = try await commit("work")
        #expect(try await push(commit, expecting: nil) == .pushed)
        for number in 0..<3 { try await remote.commit(["c": "\(number)"], message: "on top", on: ref.name) }
        #expect(try await mirror.remote(url, holds: commit, at: ref))
        let other = try await self.commit("other")
        #expect(try await mirror.remote(url, holds: other, at: ref) == false)
    }

    @Test func `that takes too long ends`() async throws {
        try remote.hook("pre-receive", "exec sleep 600")
        let commit = try await commit("slow")
        let error = await #expect(throws: GitError.self) {
            try await mirror.push(commit, to: ref, expecting: nil, remote: url, timeout: .seconds(1))
        }
        #expect(error?.code == .unreachable)
        #expect(error?.isRetriable == true)
    }

    @Test func `ends when its task is cancelled, and with it all it started`() async throws {
        let pipe = host.folder.path("pipe")
        mkfifo(pipe, 0o600)
        try remote.hook("pre-receive", "exec 9> '\(pipe)'; echo running >&9; exec sleep 600")
        let commit = try await commit("cancelled")
        let reader = try await ServerProcess(["cat", pipe])
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: CancellationError.self) { try await push(commit, expecting: nil) }
            }
            _ = try? await reader.output.first { $0 == "running" }
            group.cancelAll()
        }
        // It reads until nobody holds the other end any more: until the hook is gone.
        #expect(try await reader.waitForExit() == 0)
        #expect(reader.output.elements == ["running"])
    }
}
