import Foundations

/// Where a server is found: the names by which it answers, and the pages whose requests it takes.
///
/// A page of somebody else can have a browser ask any address, and can have its own name lead to this host (DNS
/// rebinding). So only requests are taken whose `Host` is a name of ours, and whose `Origin`, if a browser names one, is
/// an address of ours.
struct Origins: Sendable, Hashable {
    /// An address as browsers write it: scheme, name and port.
    struct Origin: Sendable, Hashable {
        let scheme: String
        let host: String
        let port: UInt16

        /// `nil` for what is none.
        init?(_ text: String) {
            let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, let (host, port) = HostPattern.split(parts[1]) else { return nil }
            scheme = parts[0].lowercased()
            switch scheme {
            case "http": self.port = port ?? 80
            case "https": self.port = port ?? 443
            default: return nil
            }
            self.host = host
        }
    }

    private static let loopback: Set = ["localhost", "127.0.0.1", "::1"]

    /// The port at which it listens.
    var port: UInt16
    /// The address at which it listens, where that is a certain one.
    var host: String
    var others: Set<Origin> = []

    /// Whether `authority` is a name of ours: of the loopback address and of the one it listens at with its port, and
    /// those that the settings name.
    func holds(authority: String) -> Bool {
        guard let (host, port) = HostPattern.split(authority) else { return false }
        if isOwn(host, port ?? 80) { return true }
        return others.contains { $0.host == host && $0.port == port ?? ($0.scheme == "https" ? 443 : 80) }
    }

    /// Whether a page of `origin` may ask at `authority`: a page of the same name, or one that the settings name.
    func allows(origin: String, authority: String) -> Bool {
        guard let origin = Origin(origin) else { return false }
        if others.contains(origin) { return true }
        guard origin.scheme == "http", let (host, port) = HostPattern.split(authority) else { return false }
        return isOwn(origin.host, origin.port) && origin.host == host && origin.port == port ?? 80
    }

    /// Whether browsers reach `authority` by HTTPS alone: then a cookie may not leave it.
    func isSecure(authority: String) -> Bool {
        guard let (host, port) = HostPattern.split(authority), !isOwn(host, port ?? 80) else { return false }
        return others.contains { $0.scheme == "https" && $0.host == host && $0.port == port ?? 443 }
    }

    private func isOwn(_ host: String, _ port: UInt16) -> Bool {
        port == self.port && (Self.loopback.contains(host) || host == self.host)
    }
}
