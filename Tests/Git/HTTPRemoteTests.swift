import Foundation
import Foundations
import Git
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(2)))
struct `A remote behind HTTP` {
    private let server: HTTPRemote
    private let host: Host
    private let main: RefName

    init() async throws {
        let repository = try await GitRemote(files: ["a": "1"])
        try await repository.commit(["a": "2"], message: "second")
        server = try await HTTPRemote(repository)
        host = try Host()
        main = try RefName("main")
    }

    private static let right = GitCredentials.usernamePassword(HTTPRemote.user, Secret(HTTPRemote.password))

    private func fetch(_ text: String, _ credentials: GitCredentials) async throws -> (Mirror, RemoteURL, ObjectID) {
        let url = try RemoteURL(text)
        let mirror = try await host.mirror(url)
        return (mirror, url, try await mirror.fetch(remote: url, branch: main, credentials: credentials))
    }

    private func refusal(_ text: String, _ credentials: GitCredentials) async -> GitError? {
        await #expect(throws: GitError.self) { _ = try await fetch(text, credentials) }
    }

    @Test func `is fetched from and pushed to with the right password`() async throws {
        let (mirror, url, base) = try await fetch(server.url, Self.right)
        #expect(base.text == (try await server.repository.commitID("main")))
        // The first request carries the credentials: no answer 401, no second round.
        #expect(server.requests.allSatisfy { $0.hasSuffix("True") }, "\(server.requests)")
        let work = try await WorkTree.checkout(mirror: mirror, commit: base, at: host.workPath())
        try write(["b": String(repeating: "long line of text\n", count: 100_000)], in: work.directory)
        let head = try #require(try await work.snapshot(parent: base, message: "m", date: someDate).commit)
        let ref = try RefName("feat/x")
        // Even when the branch moved on meanwhile.
        try await server.repository.commit(["c": "3"], message: "third")
        let first = try await mirror.push(head, to: ref, expecting: nil, remote: url, credentials: Self.right)
        let second = try await mirror.push(head, to: ref, expecting: nil, remote: url, credentials: Self.right)
        #expect((first, second) == (.pushed, .alreadyThere))
        #expect(try await mirror.remoteRef(remote: url, ref: ref, credentials: Self.right) == head)
        let later = try await mirror.fetch(remote: url, branch: main, credentials: Self.right)
        #expect(try await mirror.paths(at: later) == ["a", "c"])
    }

    /// As servers made with dulwich do.
    @Test func `that takes no push without its history gets all of it`() async throws {
        let text = server.url.replacingOccurrences(of: "/remote.git", with: "/whole/remote.git")
        let (mirror, url, base) = try await fetch(text, Self.right)
        let work = try await WorkTree.checkout(mirror: mirror, commit: base, at: host.workPath())
        try write(["b": "new\n"], in: work.directory)
        let head = try #require(try await work.snapshot(parent: base, message: "m", date: someDate).commit)
        let ref = try RefName("feat/whole")
        let outcome = try await mirror.push(
            head, to: ref, expecting: nil, onto: main, remote: url, credentials: Self.right)
        #expect(outcome == .pushed)
        #expect(try await server.repository.log(ref.name) == ["m", "second", "First commit"])
    }

    @Test func `takes user info from the address and keeps it out of sight`() async throws {
        let pair = "\(HTTPRemote.user):p%40ss%3Aw0rd-tr%C3%A8s"
        let text = server.url.replacingOccurrences(of: "http://", with: "http://\(pair)@")
        let (_, url, _) = try await fetch(text, .none)
        #expect(url.description == server.url)
        let mirrors = try await Program.run(["grep", "-rlaF", "w0rd-", host.folder.path("home")].withFallback)
        #expect(mirrors == "")
    }

    @Test func `takes the user of the address with a token`() async throws {
        let text = server.url.replacingOccurrences(of: "http://", with: "http://\(HTTPRemote.user)@")
        let (mirror, url, base) = try await fetch(text, .accessToken(Secret(HTTPRemote.password)))
        #expect(url.description == server.url && server.requests.allSatisfy { $0.hasSuffix("True") })
        let (ref, token) = (try RefName("feat/x"), GitCredentials.accessToken(Secret(HTTPRemote.password)))
        #expect(try await mirror.push(base, to: ref, expecting: nil, remote: url, credentials: token) == .pushed)
        #expect(await refusal(server.url, token)?.code == .unauthorized)
    }

    @Test func `refuses a wrong password at once and never shows it`() async throws {
        let secret = "not-the-password"
        for credentials in [
            GitCredentials.usernamePassword("ada", Secret(secret)), .accessToken(Secret(secret)), .none,
            .usernamePassword("", Secret(secret)), .usernamePassword("a\nb", Secret("x\ny" + secret)),
        ] {
            let error = await refusal(server.url, credentials)
            #expect(error?.code == .unauthorized, "\(error?.message ?? "")")
            #expect(error?.isRetriable == false)
            #expect(error?.message.contains(secret) == false)
            #expect(error?.message.contains(Data("ada:\(secret)".utf8).base64EncodedString()) == false)
        }
    }

    @Test func `that answers with an error is told apart`() async throws {
        let root = "http://127.0.0.1:\(server.port)"
        #expect(await refusal("\(root)/none.git", Self.right)?.code == .repositoryNotFound)
        #expect(await refusal("\(root)/forbidden.git", Self.right)?.code == .unauthorized)
        let broken = await refusal("\(root)/broken.git", Self.right)
        #expect(broken?.code == .unreachable)
        #expect(broken?.isRetriable == true)
        #expect(await refusal(server.url, .privateKey(Secret("x"), passphrase: nil))?.code == .unauthorized)
    }

    @Test func `is found under its longer name and not followed elsewhere`() async throws {
        let root = "http://127.0.0.1:\(server.port)"
        let (mirror, url, base) = try await fetch("\(root)/remote", Self.right)
        let ref = try RefName("feat/longer")
        #expect(try await mirror.push(base, to: ref, expecting: nil, remote: url, credentials: Self.right) == .pushed)
        let moved = await refusal("\(root)/moved", Self.right)
        #expect(moved?.code == .moved && moved?.isRetriable == false, "\(moved?.message ?? "")")
        #expect(moved?.message.contains(" \(server.url), ") == true)
    }

    @Test(arguments: [301, 302, 307, 308])
    func `that has moved is told with its new place, without what stands there of users and queries`(
        status: Int
    ) async throws {
        let error = await refusal("http://127.0.0.1:\(server.port)/moved\(status)/x", Self.right)
        #expect(error?.code == .moved && error?.isRetriable == false)
        #expect(error?.message.contains("has moved to https://new.example/x, which") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("pw") == false)
    }

    @Test func `that sends to a login is told so`() async throws {
        let error = await refusal("http://127.0.0.1:\(server.port)/login/x", Self.right)
        #expect(error?.code == .unreachable && error?.message.contains("login") == true, "\(error?.message ?? "")")
    }

    @Test func `that refuses the push alone is told in its words`() async throws {
        let text = server.url.replacingOccurrences(of: "/remote.git", with: "/archived/remote.git")
        let (mirror, url, base) = try await fetch(text, Self.right)
        let error = await #expect(throws: GitError.self) {
            try await mirror.push(base, to: try RefName("feat/x"), expecting: nil, remote: url, credentials: Self.right)
        }
        #expect(error?.code == .unauthorized)
        #expect(error?.message.contains("This repository was archived so it is read-only.") == true)
    }

    @Test func `never sees a secret in an argument or a file`() async throws {
        let note = host.folder.path("note")
        // While the remote decides, git waits: what the processes show now is what they show all along.
        try server.repository.hook("pre-receive", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' > '\(note)'")
        let (mirror, url, base) = try await fetch(server.url, Self.right)
        let ref = try RefName("feat/x")
        _ = try await mirror.push(base, to: ref, expecting: nil, remote: url, credentials: Self.right)
        let shown = try String(contentsOfFile: note, encoding: .utf8)
        #expect(shown.contains("git push") || shown.contains("git-remote-http"))
        let secrets = [
            HTTPRemote.password, Data("\(HTTPRemote.user):\(HTTPRemote.password)".utf8).base64EncodedString(),
        ]
        // The server of this test knows its own password from an argument.
        let others = shown.replacingOccurrences(of: "\(HTTPRemote.user) \(HTTPRemote.password)", with: "")
        for secret in secrets {
            #expect(!others.contains(secret))
            let files = try await Program.run(["grep", "-rlaF", secret, host.folder.path("home")].withFallback)
            #expect(files == "")
        }
    }
}

extension [String] {
    /// The command, with success where grep finds nothing.
    var withFallback: [String] { ["sh", "-c", "\"$@\" || true", "sh"] + self }
}
