import FoundationEssentials
import Transfer

/// Which targets a webhook may reach: without leave of the operator, public addresses alone.
///
/// A tenant chooses the URL, so without this check the bridge would be a way into the operator's network. Names are
/// checked by what they resolve to, right before the connection is made: ``allows(_:)`` is the HTTP client's policy.
package struct TargetPolicy: Sendable, Hashable {
    /// Whether private, loopback and link-local targets are allowed (`WEBHOOK_ALLOW_PRIVATE`).
    package var allowsPrivate: Bool

    package init(allowsPrivate: Bool = false) { self.allowsPrivate = allowsPrivate }

    /// Networks that are not public (IANA special-purpose registries for IPv4 and IPv6), or that carry an IPv4 address
    /// of any kind inside (NAT64, 6to4, Teredo and other translations).
    private static let closed: [(network: IPAddress, bits: Int)] = [
        ("0.0.0.0", 8), ("10.0.0.0", 8), ("100.64.0.0", 10), ("127.0.0.0", 8), ("169.254.0.0", 16),
        ("172.16.0.0", 12), ("192.0.0.0", 24), ("192.0.2.0", 24), ("192.88.99.0", 24), ("192.168.0.0", 16),
        ("198.18.0.0", 15), ("198.51.100.0", 24), ("203.0.113.0", 24), ("224.0.0.0", 4), ("240.0.0.0", 4),
        ("::", 96), ("::ffff:0:0:0", 96), ("64:ff9b::", 96), ("64:ff9b:1::", 48), ("100::", 64), ("100:0:0:1::", 64),
        ("2001::", 23), ("2001:db8::", 32), ("2002::", 16), ("3fff::", 20), ("5f00::", 16), ("fc00::", 7),
        ("fe80::", 10), ("fec0::", 10), ("ff00::", 8),
    ].compactMap { text, bits in IPAddress(text).map { ($0, bits) } }

    /// Whether a connection to `address` may be made.
    package func allows(_ address: IPAddress) -> Bool {
        let address = address.unmapped
        return allowsPrivate || !Self.closed.contains { address.isWithin($0.network, bits: $0.bits) }
    }

    /// Why `url` may not be called whatever its name resolves to; `nil` if nothing speaks against it.
    package func refusal(of url: String) -> String? {
        guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") }) else {
            return "the URL holds characters that no URL may hold"
        }
        guard let scheme = url.firstRange(of: "://"),
            ["http", "https"].contains(url[..<scheme.lowerBound].lowercased())
        else { return "the URL is not http or https" }
        let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        if authority.contains("@") { return "the URL holds a user or password" }
        let host =
            authority.hasPrefix("[")
            ? authority.dropFirst().prefix { $0 != "]" } : authority.prefix { $0 != ":" }
        if host.isEmpty { return "the URL names no host" }
        if let address = IPAddress(String(host)), !allows(address) { return Self.privateTarget }
        return nil
    }

    static let privateTarget = "the target is not a public address"
}
