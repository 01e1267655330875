import FoundationEssentials
import Foundations

/// The address of a remote repository, parsed and checked.
///
/// Allowed are `https://`, `http://`, `ssh://` and `user@host:path`, and where the operator says so `file://` and
/// absolute paths. Everything else is refused, above all what git would take for an option or a program.
package struct RemoteURL: Sendable, Hashable, CustomStringConvertible {
    /// How git reaches the remote.
    enum Transport: String, Sendable {
        case https, http, ssh, file
    }

    let transport: Transport
    /// The address that git is given. It names the user of an SSH remote, never a secret.
    let address: String
    /// The address without any user, for people and logs.
    package let withoutUserInfo: String
    /// The host in lower case; `nil` for a local path.
    package let host: String?
    /// What the user info of the address held; ``GitCredentials/none`` if there was nothing secret.
    package let credentials: GitCredentials
    /// The user that an HTTP address names, for a token that names none.
    let user: String?

    package var description: String { withoutUserInfo }

    /// Throws ``GitError/Code/invalidURL``.
    package init(_ text: String, allowLocal: Bool = false) throws {
        let scalars = text.unicodeScalars
        guard !text.isEmpty, text.utf8.count <= 2048 else { throw Self.refusal("is empty or too long") }
        guard !scalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw Self.refusal("holds a control character")
        }
        // `transport::address` names a program to run.
        guard !text.hasPrefix("-"), text.prefixMatch(of: /[A-Za-z0-9+.-]*::/) == nil else {
            throw Self.refusal("is not the address of a repository")
        }
        if text.hasPrefix("/") {
            try self.init(local: text, allowed: allowLocal)
        } else if let range = text.firstRange(of: "://") {
            let scheme = text[..<range.lowerBound].lowercased()
            let rest = String(text[range.upperBound...])
            switch Transport(rawValue: scheme) {
            case .file: try self.init(local: rest, allowed: allowLocal)
            case .some(let transport): try self.init(transport, rest)
            case nil: throw Self.refusal("uses a transport that is not allowed; use https or ssh")
            }
        } else {
            try self.init(secureCopy: text)
        }
    }

    private init(local path: String, allowed: Bool) throws {
        guard allowed else { throw Self.refusal("is a local path, which this platform does not allow") }
        guard path.hasPrefix("/") else { throw Self.refusal("needs an absolute path") }
        self.init(transport: .file, address: path, withoutUserInfo: path, host: nil, credentials: .none)
    }

    /// `[user[:password]@]host[:port]/path`
    private init(_ transport: Transport, _ rest: String) throws {
        guard !rest.contains("\\") else { throw Self.refusal("holds a backslash") }
        guard let slash = rest.firstIndex(of: "/") else { throw Self.refusal("names no repository") }
        let authority = rest[..<slash]
        let path = try Self.checkedPath(String(rest[slash...]))
        let at = authority.lastIndex(of: "@")
        let place = try Self.checkedPlace(String(at.map { authority[authority.index(after: $0)...] } ?? authority))
        let userInfo = try at.map { try UserInfo(String(authority[..<$0])) }
        let plain = "\(transport.rawValue)://\(place)\(path)"
        var address = plain
        if transport == .ssh, let user = userInfo?.user {
            address = "ssh://\(try Self.checkedUser(user))@\(place)\(path)"
        }
        self.init(
            transport: transport, address: address, withoutUserInfo: plain, host: Self.host(of: place),
            credentials: userInfo?.credentials ?? .none,
            user: transport == .ssh ? nil : userInfo.flatMap { $0.user.isEmpty ? nil : $0.user })
    }

    /// `[user@]host:path`
    private init(secureCopy text: String) throws {
        guard let colon = text.firstIndex(of: ":") else { throw Self.refusal("is not the address of a repository") }
        let before = text[..<colon]
        let path = try Self.checkedPath(String(text[text.index(after: colon)...]))
        let at = before.lastIndex(of: "@")
        let place = try Self.checkedPlace(String(at.map { before[before.index(after: $0)...] } ?? before))
        let user = try at.map { try Self.checkedUser(String(before[..<$0])) + "@" } ?? ""
        self.init(
            transport: .ssh, address: "\(user)\(place):\(path)", withoutUserInfo: "\(place):\(path)", host: place,
            credentials: .none)
    }

    private init(
        transport: Transport, address: String, withoutUserInfo: String, host: String?, credentials: GitCredentials,
        user: String? = nil
    ) {
        self.transport = transport
        self.address = address
        self.withoutUserInfo = withoutUserInfo
        self.host = host
        self.credentials = credentials
        self.user = user
    }

    /// The same repository under a path that ends in `.git`, or `nil` if it does already.
    ///
    /// Some services redirect to that form; redirects are not followed while credentials are in play.
    var withGitSuffix: RemoteURL? {
        guard transport == .https || transport == .http, !address.hasSuffix(".git") else { return nil }
        let longer = address.trimmingSuffix("/") + ".git"
        return RemoteURL(
            transport: transport, address: longer, withoutUserInfo: longer, host: host, credentials: credentials,
            user: user)
    }

    /// The repository, the same for the usual ways to spell it: a path or `file://`, HTTP or SSH with the usual port, any
    /// user, with and without `.git`.
    package var repository: String {
        let place = (host ?? "") + (port == usualPort ? "" : ":\(port)")
        // `host:path` has no scheme; in all others the path begins at the first slash behind it.
        let path: Substring
        if let scheme = withoutUserInfo.firstRange(of: "://") {
            path = withoutUserInfo[scheme.upperBound...].drop { $0 != "/" }
        } else {
            path = withoutUserInfo.dropFirst(host.map { $0.count + 1 } ?? 0)
        }
        let names = path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
        return "\(place)/\(names.trimmingSuffix(".git"))"
    }

    private var usualPort: Int {
        switch transport {
        case .https: 443
        case .http: 80
        case .ssh: 22
        case .file: 0
        }
    }

    /// The port that git connects to; 0 for a local path.
    var port: Int {
        let usual = usualPort
        // A port stands in an address with a scheme alone.
        guard transport != .file, withoutUserInfo.contains("://") else { return usual }
        let place = withoutUserInfo.dropFirst(transport.rawValue.count + 3).prefix { $0 != "/" }
        let behind = place.dropFirst(host?.count ?? 0)
        return behind.hasPrefix(":") ? Int(behind.dropFirst()) ?? usual : usual
    }

    /// `https://host:port`, the part that credentials are bound to.
    var origin: String {
        String(address.prefix(transport.rawValue.count + 3))
            + String(address.dropFirst(transport.rawValue.count + 3).prefix { $0 != "/" })
    }
}

// MARK: - Checks

extension RemoteURL {
    private static func refusal(_ reason: String) -> GitError {
        GitError(.invalidURL, "the address of the remote \(reason)")
    }

    /// `host` or `host:port`, in lower case.
    private static func checkedPlace(_ text: String) throws -> String {
        let pattern = /([a-z0-9_]([a-z0-9_.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(:([0-9]{1,5}))?/
        guard let match = text.lowercased().wholeMatch(of: pattern) else { throw refusal("has a malformed host") }
        if let port = match.output.4, !(1...65535).contains(Int(port) ?? 0) { throw refusal("has a malformed port") }
        return text.lowercased()
    }

    private static func host(of place: String) -> String {
        place.hasPrefix("[")
            ? String(place.prefix { $0 != "]" }) + "]" : String(place.prefix { $0 != ":" })
    }

    private static func checkedUser(_ text: String) throws -> String {
        guard text.wholeMatch(of: /[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}/) != nil else {
            throw refusal("has a malformed user name")
        }
        return text
    }

    private static func checkedPath(_ text: String) throws -> String {
        let forbidden = Set(" \\\"'`<>^{|}?#".unicodeScalars)
        guard text.unicodeScalars.allSatisfy({ $0.isASCII && !forbidden.contains($0) }) else {
            throw refusal("has a path with characters that need percent-encoding")
        }
        guard text.firstMatch(of: /%([01][0-9A-Fa-f]|7[Ff])/) == nil else {
            throw refusal("holds a control character")
        }
        let parts = text.split(separator: "/")
        guard !parts.isEmpty, !parts.contains(".."), !text.hasPrefix("-"), !text.hasPrefix(":") else {
            throw refusal("names no repository")
        }
        return text
    }

    /// What stands before the `@`.
    private struct UserInfo {
        let user: String
        let password: String?

        init(_ text: String) throws {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let decoded = parts.map { $0.percentDecoded }
            let values = decoded.compactMap(\.self)
            guard values.count == parts.count, let first = values.first,
                !values.contains(where: { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } })
            else { throw RemoteURL.refusal("has malformed user info") }
            user = first
            password = values.count > 1 ? values[1] : nil
        }

        var credentials: GitCredentials {
            guard let password, !password.isEmpty else { return .none }
            return .usernamePassword(user, Secret(password))
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
