import Foundations

/// Where ssh connects to, and which key it has to find there.
struct HostTrust: Sendable {
    /// In the syntax of ssh's configuration.
    let options: [String]

    /// - Parameters:
    ///   - places: The addresses that ssh may connect to; `nil` leaves that to ssh.
    ///   - pinned: The operator's file of host keys, if there is one.
    ///   - home: Where the keys that hosts showed first are kept.
    init(
        _ remote: RemoteURL, _ credentials: GitCredentials, places: [IPAddress]?, pinned: String?, home: String
    ) {
        // A password is gone once it was sent: nobody gets it who is met for the first time.
        var isStrict = pinned != nil
        if case .usernamePassword = credentials { isStrict = true }
        var options = [
            "StrictHostKeyChecking=\(isStrict ? "yes" : "accept-new")",
            "UserKnownHostsFile=\(Self.quoted(pinned ?? "\(home)/known_hosts"))",
        ]
        if let place = places?.first {
            // The key is still that of the name.
            options += ["HostName=\(place)", "HostKeyAlias=\(Self.knownName(of: remote))", "CheckHostIP=no"]
        }
        self.options = options
    }

    /// The name that a remote's key stands under in `known_hosts`.
    private static func knownName(of remote: RemoteURL) -> String {
        let host = remote.host ?? ""
        let bare = host.trimming { $0 == "[" || $0 == "]" }
        return remote.port == 22 ? bare : "[\(bare)]:\(remote.port)"
    }

    private static func quoted(_ path: String) -> String {
        "\"\(path.replacing("%", with: "%%"))\""
    }
}
