import Foundation
import Foundations
import TestSupport
import Testing

@testable import Git

@Suite(.timeLimit(.minutes(1)))
struct `The address of a remote` {
    private func mirror(_ remote: RemoteURL, _ policy: RemotePolicy, in folder: TemporaryFolder) async throws -> Mirror
    {
        try await MirrorStore(home: folder.path("home"), policy: policy)
            .mirror(company: try #require(CompanyID("acme")), remote: remote)
    }

    private func refusal(_ text: String, _ policy: RemotePolicy = RemotePolicy()) async throws -> GitError? {
        let folder = try TemporaryFolder()
        let url = try RemoteURL(text)
        let mirror = try await mirror(url, policy, in: folder)
        return await #expect(throws: GitError.self) {
            try await mirror.fetch(remote: url, branch: RefName("main"), credentials: .none)
        }
    }

    @Test(arguments: [
        "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "127.1", "2130706433", "0x7f.1", "169.254.169.254",
        "10.0.0.1",
    ])
    func `that is not public is never connected to`(_ host: String) async throws {
        let server = try await HTTPRemote(GitRemote())
        for text in ["http://\(host):\(server.port)/remote.git", "ssh://git@\(host):\(server.port)/remote.git"] {
            let error = try await refusal(text)
            #expect(error?.code == .forbiddenAddress, "\(text): \(error?.message ?? "")")
            #expect(error?.isRetriable == false)
        }
        #expect(server.requests.isEmpty)
    }

    @Test func `is refused as soon as it is read where it says all by itself`() throws {
        let policy = RemotePolicy()
        for text in ["http://127.0.0.1/x", "https://[fd00::1]/x", "ssh://10.1.2.3:22/x"] {
            #expect(throws: GitError.self) { try policy.check(RemoteURL(text)) }
        }
        for text in ["https://1.1.1.1/x", "https://example.com/x", "git@example.com:x"] {
            try policy.check(RemoteURL(text))
        }
        try policy.check(RemoteURL("/srv/x", allowLocal: true))
    }

    @Test func `may be named by the operator, as a range or as a host`() async throws {
        let server = try await HTTPRemote(GitRemote())
        let credentials = GitCredentials.usernamePassword(HTTPRemote.user, Secret(HTTPRemote.password))
        let range = try #require(AddressRange("127.0.0.0/8"))
        for (host, addresses) in [
            ("127.0.0.1", AddressPolicy(ranges: [range])), ("localhost", AddressPolicy(ranges: [range])),
            ("localhost", AddressPolicy(hosts: ["localhost"])), ("127.0.0.1", AddressPolicy(hosts: ["127.0.0.1"])),
        ] {
            let folder = try TemporaryFolder()
            let url = try RemoteURL("http://\(host):\(server.port)/remote.git")
            let mirror = try await mirror(url, RemotePolicy(addresses: addresses), in: folder)
            let tip = try await mirror.fetch(remote: url, branch: RefName("main"), credentials: credentials)
            #expect(tip.text == (try await server.repository.commitID("main")))
        }
        let elsewhere = AddressPolicy(ranges: [try #require(AddressRange("10.0.0.0/8"))], hosts: ["example.com"])
        #expect(try await refusal(server.url, RemotePolicy(addresses: elsewhere))?.code == .forbiddenAddress)
    }

    /// A name that was judged is not asked for again: git is told where it is.
    @Test func `is pinned for git and for ssh`() throws {
        let place = try #require(IPAddress("192.0.2.7"))
        let other = try #require(IPAddress("2001:db8::7"))
        func access(_ text: String) throws -> RemoteAccess {
            try RemoteAccess(
                RemoteURL(text), .none, places: [place, other], knownHosts: nil, mirror: "/m", home: "/h")
        }
        let web = try access("https://example.com/x.git").settings["http.curloptResolve"]
        #expect(web == "example.com:443:192.0.2.7,[2001:db8::7]")
        #expect(
            try access("http://example.com:8080/x").settings["http.curloptResolve"]?.hasPrefix("example.com:8080:")
                == true)
        let shell = try access("ssh://git@example.com:2222/x").environment["GIT_SSH_COMMAND"] ?? ""
        #expect(shell.contains("'HostName=192.0.2.7'") && shell.contains("'HostKeyAlias=[example.com]:2222'"))
        #expect(
            try access("git@example.com:x").environment["GIT_SSH_COMMAND"]?.contains("HostKeyAlias=example.com'")
                == true)
    }

    @Test func `that git is told is the one it connects to`() async throws {
        let server = try await HTTPRemote(GitRemote())
        let folder = try TemporaryFolder()
        let url = try RemoteURL("http://nowhere.invalid:\(server.port)/remote.git")
        let credentials = GitCredentials.usernamePassword(HTTPRemote.user, Secret(HTTPRemote.password))
        let place = try #require(IPAddress("127.0.0.1"))
        let access = try RemoteAccess(url, credentials, places: [place], knownHosts: nil, mirror: "/m", home: "/h")
        let mirror = try await mirror(url, RemotePolicy(), in: folder)
        let program = GitProgram(directory: mirror.directory, settings: access.settings)
        let outcome = try await program.run(["ls-remote", "--heads", "--", url.address])
        #expect(outcome.isSuccess && outcome.output.contains("refs/heads/main"), "\(outcome.errors)")
    }
}

@Suite struct `What git says of a remote` {
    private func message(_ text: String) -> String {
        Diagnosis.error("cannot fetch branch main", text, redactor: Redactor([])).message
    }

    @Test func `is told in git's own words`() {
        let text = "fatal: unable to access 'http://h/x/': Failed to connect to h port 80: Connection refused\n"
        #expect(message(text).contains("Failed to connect to h port 80"))
        #expect(message(text).hasPrefix("cannot fetch branch main: the remote cannot be reached"))
    }

    @Test(
        arguments: [
            (
                "Unable to negotiate with 10.0.0.1 port 22: no matching host key type found. Their offer: ssh-rsa",
                .unsupported
            ),
            (
                "fatal: unable to access 'https://h/x/': TLS connect error: error:0A00010B:SSL routines::wrong version number",
                .unreachable
            ),
            (
                "error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413\nfatal: the remote end hung up unexpectedly",
                .pushRejected
            ),
            ("fatal: unable to access 'https://h/x/': The requested URL returned error: 410", .repositoryNotFound),
            ("fatal: mismatched algorithms: client sha1; server sha256", .unsupported),
        ] as [(String, GitError.Code)])
    func `is told by its cause, and is not tried again`(_ text: String, _ code: GitError.Code) {
        let error = Diagnosis.error("cannot push", text, redactor: Redactor([]))
        #expect(error.code == code && !error.isRetriable, "\(error.message)")
    }

    @Test(arguments: [
        "remote: SECRET BODY of an inner service\nfatal: unable to access 'http://h/x/': The requested URL returned error: 404",
        "remote: a\rfatal: repository not found: SECRET\u{2028}error: SECRET broken pipe\nfatal: it returned error: 404",
        "fatal: invalid server response; got 'SECRET BODY not found'",
        "fatal: protocol error: bad line length character: SECRET BODY",
        "fatal: remote error: SECRET BODY access denied",
        "SECRET BODY: banner, connection refused\nPermission denied (publickey).",
        "fatal: unexpected line: 'SECRET BODY repository not found'",
        "SECRET BODY\nfatal: Could not read from remote repository.",
        "warning: SECRET BODY, connection reset",
    ])
    func `never holds what a server answered`(_ text: String) {
        #expect(!message(text).contains("SECRET"), "\(message(text))")
        #expect(!message(text).isEmpty)
    }

    @Test(
        arguments: [
            (
                "remote: error: GH006: Protected branch update failed for refs/heads/main.        \n"
                    + "remote: error: At least 1 approving review is required.        \nTo https://h/x",
                [
                    "error: GH006: Protected branch update failed for refs/heads/main.",
                    "error: At least 1 approving review is required.",
                ]
            ),
            (
                "remote: \nremote: GitLab: You are not allowed to push code to this project.\nremote: ",
                ["GitLab: You are not allowed to push code to this project."]
            ),
            (
                "remote: TF402455: Pushes to this branch are not permitted; use a pull request.",
                ["TF402455: Pushes to this branch are not permitted; use a pull request."]
            ),
            (
                "remote: Processing changes: refs: 1\rremote: Resolving deltas: 100% (1/1), done.\n"
                    + "remote: ERROR: commit 1a2b3c4: missing Change-Id in message footer",
                ["Processing changes: refs: 1", "ERROR: commit 1a2b3c4: missing Change-Id in message footer"]
            ),
            (
                "remote: ==========\nremote:   - Push cannot contain secrets\nremote:     locations:\u{1B}[K\n",
                ["- Push cannot contain secrets", "locations:"]
            ),
        ] as [(String, [String])])
    func `keeps what hosts say when they refuse, line by line`(_ text: String, _ words: [String]) {
        let shown = Diagnosis.refusal("[remote rejected]", text, redactor: Redactor([])).split(separator: "\n")
        #expect(shown.map(String.init) == ["[remote rejected]"] + words)
    }

    @Test func `keeps the server's reason for refusing a push, whose client it let in`() {
        let text = "remote: \u{1B}[1;31mbranch names must carry a ticket\u{1B}[0m\u{1B}[K\nSECRET"
        let shown = Diagnosis.refusal("[remote rejected] (hook declined)", text, redactor: Redactor([]))
        #expect(shown == "[remote rejected] (hook declined)\nbranch names must carry a ticket")
    }
}
