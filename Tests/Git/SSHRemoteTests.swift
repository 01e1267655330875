import Foundation
import Foundations
import Git
import TestSupport
import Testing

@Suite(
    .timeLimit(.minutes(2)), .enabled(if: SSHRemote.program != nil, "the SSH server (openssh-server) is not installed"))
struct `A remote behind SSH` {
    private let hosts = Hosts()
    private let server: SSHRemote
    private let host: Host
    private let main: RefName

    init() async throws {
        let repository = try await GitRemote(files: ["a": "1"])
        try await repository.commit(["a": "2"], message: "second")
        server = try await SSHRemote(repository)
        host = try hosts.new()
        main = try RefName("main")
    }

    private func fetch(_ credentials: GitCredentials, _ text: String? = nil) async throws -> (
        Mirror, RemoteURL, ObjectID
    ) {
        let url = try RemoteURL(text ?? server.url)
        let mirror = try await host.mirror(url)
        return (mirror, url, try await mirror.fetch(remote: url, branch: main, credentials: credentials))
    }

    private func refusal(_ credentials: GitCredentials) async -> GitError? {
        await #expect(throws: GitError.self) { _ = try await fetch(credentials) }
    }

    @Test func `opens to every kind of key`() async throws {
        let tip = try await server.repository.commitID("main")
        let unended = Secret(try server.key("plain").reveal().trimmingCharacters(in: .newlines))
        let foreign = Secret(try server.key("plain").reveal().replacingOccurrences(of: "\n", with: "\r\n"))
        for credentials in [
            GitCredentials.privateKey(try server.key("plain"), passphrase: nil), .privateKey(unended, passphrase: nil),
            .privateKey(foreign, passphrase: nil), .privateKey(try server.key("rsa"), passphrase: nil),
            .privateKey(try server.key("locked"), passphrase: Secret("open sesame")),
            .privateKeyPath(server.folder.path("rsa"), passphrase: nil),
            .privateKeyPath(server.folder.path("locked"), passphrase: Secret("open sesame")),
        ] {
            let mirror = try await hosts.new().mirror(RemoteURL(server.url))
            let found = try await mirror.fetch(remote: RemoteURL(server.url), branch: main, credentials: credentials)
            #expect(found.text == tip)
        }
        let (mirror, url, base) = try await fetch(.privateKey(try server.key("plain"), passphrase: nil))
        let ref = try RefName("feat/ssh")
        let credentials = GitCredentials.privateKey(try server.key("plain"), passphrase: nil)
        #expect(try await mirror.push(base, to: ref, expecting: nil, remote: url, credentials: credentials) == .pushed)
    }

    @Test func `refuses other keys at once, without a question`() async throws {
        for credentials in [
            GitCredentials.none, .privateKey(try server.key("stranger"), passphrase: nil),
            .privateKey(try server.key("locked"), passphrase: nil),
            .privateKey(try server.key("locked"), passphrase: Secret("wrong words")),
            .privateKey(Secret("no key at all"), passphrase: nil), .usernamePassword("root", Secret("password")),
            .accessToken(Secret("token-1234")), .privateKeyPath("/nowhere/key", passphrase: nil),
            .privateKeyPath("-oProxyCommand=x", passphrase: nil),
        ] {
            let error = await refusal(credentials)
            #expect(error?.code == .unauthorized, "\(error?.message ?? "")")
            for secret in ["wrong words", "PRIVATE KEY", "token-1234"] {
                #expect(error?.message.contains(secret) == false)
            }
        }
    }

    @Test func `gets no password before its host key is known`() async throws {
        let password = GitCredentials.usernamePassword("root", Secret("password"))
        #expect(await refusal(password)?.code == .untrustedHost)
        _ = try await fetch(.privateKey(try server.key("plain"), passphrase: nil))
        #expect(await refusal(password)?.code == .unauthorized)
    }

    @Test func `has to show the key that the operator pinned, also at a pinned address`() async throws {
        let key = GitCredentials.privateKey(try server.key("plain"), passphrase: nil)
        let known = host.folder.path("pinned")
        let range = try #require(AddressRange("127.0.0.0/8"))
        let url = try RemoteURL(server.url.replacingOccurrences(of: "127.0.0.1", with: "localhost"))
        func refused(_ file: String, name: String) async throws -> GitError.Code? {
            let line = try server.folder.read(file).split(separator: " ").prefix(2).joined(separator: " ")
            try Data("[\(name)]:\(server.port) \(line)\n".utf8).write(to: URL(filePath: known))
            let policy = RemotePolicy(addresses: AddressPolicy(ranges: [range]), knownHosts: known)
            let store = MirrorStore(home: host.folder.path("other"), policy: policy)
            let mirror = try await store.mirror(company: try #require(CompanyID("acme")), remote: url)
            do {
                _ = try await mirror.fetch(remote: url, branch: main, credentials: key)
                return nil
            } catch let error as GitError {
                return error.code
            }
        }
        #expect(try await refused("stranger.pub", name: "localhost") == .untrustedHost)
        #expect(try await refused("host.pub", name: "elsewhere") == .untrustedHost)
        #expect(try await refused("host.pub", name: "localhost") == nil)
    }

    @Test func `is not trusted any more when its host key changed`() async throws {
        let key = GitCredentials.privateKey(try server.key("plain"), passphrase: nil)
        _ = try await fetch(key)
        let known = host.folder.path("home/known_hosts")
        let stranger = try server.folder.read("stranger.pub").split(separator: " ").prefix(2).joined(separator: " ")
        try Data("[127.0.0.1]:\(server.port) \(stranger)\n".utf8).write(to: URL(filePath: known))
        #expect(await refusal(key)?.code == .untrustedHost)
    }

    @Test func `leaves no key behind and shows none`() async throws {
        let note = host.folder.path("note")
        try server.repository.hook("pre-receive", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' > '\(note)'")
        let key = GitCredentials.privateKey(try server.key("locked"), passphrase: Secret("open sesame"))
        let (mirror, url, base) = try await fetch(key)
        _ = try await mirror.push(base, to: RefName("feat/x"), expecting: nil, remote: url, credentials: key)
        let shown = try String(contentsOfFile: note, encoding: .utf8)
        #expect(shown.contains("IdentityFile=/proc/") && !shown.contains("open sesame"))
        let line = try server.key("locked").reveal().split(separator: "\n").dropFirst().first.map(String.init) ?? "-"
        let found = try await Program.run(["grep", "-rlaF", line, host.folder.path("home"), "/dev/shm"].withFallback)
        #expect(found == "")
    }
}
