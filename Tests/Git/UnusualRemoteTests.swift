import Foundation
import Foundations
import TestSupport
import Testing

@testable import Git

/// Remotes that cannot be worked with: each is told in words of its own.
@Suite(.timeLimit(.minutes(2)))
struct `A remote that is not as expected` {
    private let host: Host

    init() throws { host = try Host() }

    private func refusal(_ address: String, _ branch: String = "main") async throws -> GitError? {
        let url = try RemoteURL(address, allowLocal: true)
        let mirror = try await host.mirror(url)
        return await #expect(throws: GitError.self) {
            try await mirror.fetch(remote: url, branch: try RefName(branch))
        }
    }

    @Test func `because it names objects by SHA-256`() async throws {
        let path = host.folder.path("sha256.git")
        try await Program.run(["git", "init", "--quiet", "--bare", "--object-format=sha256", path])
        try await Program.run(
            ["git", "--git-dir", path, "fast-import", "--quiet"],
            input: "commit refs/heads/main\ncommitter A <a@b> 1750000000 +0000\ndata 1\nx\n")
        let error = try await refusal(path)
        #expect(error?.code == .unsupported && error?.isRetriable == false)
        #expect(error?.message.contains("SHA-256") == true, "\(error?.message ?? "")")
    }

    @Test func `because it only hands out files`() async throws {
        let remote = try await GitRemote()
        try await remote.git(["update-server-info"])
        let (port, root) = (try FreePort.next(), URL(filePath: remote.url).deletingLastPathComponent().path)
        let server = try await ServerProcess(
            ["python3", "-m", "http.server", String(port), "--bind", "127.0.0.1", "--directory", root],
            ready: .port(port))
        let error = try await refusal("http://127.0.0.1:\(port)/remote.git")
        #expect(error?.code == .unsupported && error?.isRetriable == false)
        #expect(error?.message.contains("dumb HTTP") == true, "\(error?.message ?? "")")
        withExtendedLifetime(server) {}
    }

    @Test func `because it is empty`() async throws {
        let remote = try await GitRemote(files: [:])
        let error = try await refusal(remote.url)
        #expect(error?.code == .emptyRepository && error?.message.contains("no commits yet") == true)
    }

    @Test func `because its branches have other names, or the name is a tag`() async throws {
        let remote = try await GitRemote(branch: "master")
        for name in ["a", "b", "c", "d", "develop"] { try await remote.commit(["x": name], message: name, on: name) }
        try await remote.git(["tag", "v1.0", "master"])
        let absent = try await refusal(remote.url)
        #expect(absent?.code == .branchNotFound)
        #expect(absent?.message == "the repository has no branch main; it has master, develop, a, b, c and 1 more")
        let tag = try await refusal(remote.url, "v1.0")
        #expect(tag?.code == .branchNotFound)
        #expect(tag?.message.contains("v1.0: that is a tag, and work starts from a branch") == true)
    }

    @Test(
        arguments: [
            ("location: https://new.example/a.git/info/refs?service=git-upload-pack", "https://new.example/a.git"),
            ("Location: /b/info/refs?x", "https://old.example:8443/b"),
            ("LOCATION: //n.example/c/info/refs", "https://n.example/c"),
            ("Location: https://e:pw@n.example/d.git/git-receive-pack\r", "https://n.example/d.git"),
            ("Location: https://n.example/login", nil), ("Location: ext::sh/info/refs", nil), ("Location: ", nil),
            ("Location: file:///etc/info/refs", nil), ("Location: https://n.example/info/refs", nil),
            ("Location: https://n.example/a b/info/refs", nil), ("X-Location: https://n.example/a/info/refs", nil),
            ("Location: javascript:alert(1)/info/refs", nil),
        ] as [(String, String?)])
    func `and names another place is believed as far as that is a repository`(line: String, place: String?) throws {
        let trace =
            "20:18:38 http.c:684   <= Recv header: HTTP/1.1 301 x\n20:18:38 http.c:684   <= Recv header: \(line)\nfatal"
        let found = Redirection.repository(in: trace, from: try RemoteURL("https://old.example:8443/x"))
        #expect(found?.description == place)
    }

    @Test func `and sends rubbish for a place harms nobody`() throws {
        let remote = try RemoteURL("https://old.example/x")
        var fuzzer = Fuzzer(seed: 10_010)
        let line = Data("<= Recv header: Location: https://new.example/a.git/info/refs?service=x\n".utf8)
        for _ in 0..<2000 * Fuzzer.factor {
            let trace = String(decoding: fuzzer.variant(of: line), as: UTF8.self)
            guard let found = Redirection.repository(in: trace, from: remote) else { continue }
            #expect(
                found.description.hasPrefix("http")
                    && !found.description.prefix(
                        upTo: found.description.dropFirst(8).firstIndex(of: "/") ?? found.description.endIndex
                    ).contains("@"), "\(trace)")
        }
    }
}
