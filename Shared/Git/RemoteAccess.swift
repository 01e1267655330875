import FoundationEssentials
import Foundations
import Glibc
import SystemPackage

/// What one run of git needs to reach a remote: settings, variables and files, gone when the value goes.
struct RemoteAccess: Sendable {
    private(set) var settings: [String: String]
    private(set) var environment: [String: String] = [:]
    /// Knows every secret in play, for the text that git prints.
    let redactor: Redactor
    /// Kept open while git runs: ssh opens it by its descriptor.
    private var key: TemporaryFile?

    /// The variable that the askpass script prints.
    static let answerVariable = "AUTOMATA_ANSWER"

    /// Throws ``GitError/Code/unauthorized`` if the credentials do not fit the transport or cannot be read.
    ///
    /// - Parameter places: The addresses that git may connect to, see ``RemotePolicy/places(of:)``.
    init(
        _ remote: RemoteURL, _ credentials: GitCredentials, places: [IPAddress]?, knownHosts: String?, mirror: String,
        home: String
    ) throws {
        let effective = credentials == .none ? remote.credentials : credentials
        redactor = Redactor(effective.secrets + remote.credentials.secrets)
        settings = ["protocol.\(remote.transport.rawValue).allow": "always"]
        // A remote that moved on since the fetch no longer names our base; asked, it finds that it has it all the same,
        // and a push sends what is new instead of every file.
        if remote.transport != .file { settings["push.negotiate"] = "true" }
        switch remote.transport {
        case .file: break
        case .https, .http:
            try authorize(remote, effective)
            if let places { pin(remote, to: places) }
        case .ssh:
            let trust = HostTrust(remote, effective, places: places, pinned: knownHosts, home: home)
            try prepareShell(effective, trust, mirror: mirror)
        }
    }

    // MARK: HTTP

    /// Sends the credentials with the first request, to this origin alone: no prompt, no helper, no second round trip.
    private mutating func authorize(_ remote: RemoteURL, _ credentials: GitCredentials) throws {
        let pair: String
        switch credentials {
        case .none: return
        case .usernamePassword(let user, let password): pair = "\(user):\(password.reveal())"
        case .accessToken(let token): pair = "\(remote.user ?? Self.tokenUser(remote.host ?? "")):\(token.reveal())"
        case .privateKey, .privateKeyPath: throw GitError(.unauthorized, "an SSH key does not open an HTTP remote")
        }
        let encoded = Data(pair.utf8).base64EncodedString()
        redactor.add(Secret(encoded))
        settings["http.\(remote.origin)/.extraHeader"] = "Authorization: Basic \(encoded)"
    }

    /// The name was judged by what it stood for a moment ago; asked again it may stand for something else.
    private mutating func pin(_ remote: RemoteURL, to places: [IPAddress]) {
        guard let host = remote.host else { return }
        let addresses = places.map { $0.isIPv4 ? "\($0)" : "[\($0)]" }.joined(separator: ",")
        settings["http.curloptResolve"] = "\(host):\(remote.port):\(addresses)"
    }

    /// The user name that a hosting service wants with a token.
    static func tokenUser(_ host: String) -> String {
        if host.contains("gitlab") { return "oauth2" }
        if host.contains("bitbucket") { return "x-token-auth" }
        return "x-access-token"
    }

    // MARK: SSH

    private mutating func prepareShell(_ credentials: GitCredentials, _ trust: HostTrust, mirror: String) throws {
        var options =
            trust.options + [
                "IdentitiesOnly=yes", "IdentityAgent=none", "ConnectTimeout=20", "ServerAliveInterval=15",
                "NumberOfPasswordPrompts=1", "UpdateHostKeys=no",
            ]
        var answer: Secret?
        switch credentials {
        case .none: options += ["BatchMode=yes", "IdentityFile=none"]
        case .accessToken: throw GitError(.unauthorized, "an access token does not open an SSH remote; use https")
        case .usernamePassword(_, let password):
            options += ["PreferredAuthentications=password,keyboard-interactive", "IdentityFile=none"]
            answer = password
        case .privateKey(let pem, let passphrase):
            options += try offer(pem)
            answer = passphrase
        case .privateKeyPath(let path, let passphrase):
            options += try offer(Self.readKey(path))
            answer = passphrase
        }
        if answer == nil { options.append("BatchMode=yes") }
        // No file of the user takes part. The words hold no secret and, quoted, nothing a shell would change.
        let words = ["ssh", "-F", "/dev/null"] + options.flatMap { ["-o", $0] }
        environment["GIT_SSH_COMMAND"] = words.map(Self.shellQuoted).joined(separator: " ")
        environment["GIT_SSH_VARIANT"] = "ssh"
        if let answer {
            environment["SSH_ASKPASS"] = "\(mirror)/\(MirrorStore.askpassFile)"
            environment["SSH_ASKPASS_REQUIRE"] = "force"
            environment[Self.answerVariable] = answer.reveal()
        }
    }

    /// Puts a key where ssh can open it: a file without a name, in memory where the host has such a place.
    private mutating func offer(_ pem: Secret) throws -> [String] {
        var text = pem.reveal().replacing("\r\n", with: "\n")
        guard text.contains("PRIVATE KEY") else { throw GitError(.unauthorized, "the SSH key is not a private key") }
        if !text.hasSuffix("\n") { text += "\n" }
        let memory = "/dev/shm"
        let folder = access(memory, W_OK) == 0 ? memory : FileManager.default.temporaryDirectory.path
        let file = try TemporaryFile(in: folder, holding: Data(text.utf8))
        key = file
        return ["PreferredAuthentications=publickey", "IdentityFile=\(file.path)"]
    }

    private static func readKey(_ path: String) throws -> Secret {
        guard path.hasPrefix("/"),
            let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec),
            let bytes = try? file.closeAfter({ try file.bytes(upTo: 64 << 10) }),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw GitError(.unauthorized, "the SSH key file of this host cannot be read") }
        return Secret(text)
    }

    private static func shellQuoted(_ word: String) -> String {
        "'\(word.replacing("'", with: "'\\''"))'"
    }
}

extension GitCredentials {
    /// Everything in the credentials that must not be printed.
    var secrets: [Secret] {
        switch self {
        case .none: []
        case .usernamePassword(_, let password): [password]
        case .accessToken(let token): [token]
        case .privateKey(let key, let passphrase): [key] + (passphrase.map { [$0] } ?? [])
        case .privateKeyPath(_, let passphrase): passphrase.map { [$0] } ?? []
        }
    }
}
