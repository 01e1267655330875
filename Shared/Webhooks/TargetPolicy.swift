import FoundationEssentials
import Foundations

/// Which targets a webhook may reach: without leave of the operator, public addresses alone.
///
/// A tenant chooses the URL, so without this check the bridge would be a way into the operator's network. Names are
/// checked by what they resolve to, right before the connection is made: ``allows(_:)`` is the HTTP client's policy.
package struct TargetPolicy: Sendable, Hashable {
    /// Whether private, loopback and link-local targets are allowed (`WEBHOOK_ALLOW_PRIVATE`).
    package var allowsPrivate: Bool

    package init(allowsPrivate: Bool = false) { self.allowsPrivate = allowsPrivate }

    /// Whether a connection to `address` may be made.
    package func allows(_ address: IPAddress) -> Bool {
        AddressPolicy(allowsPrivate: allowsPrivate).allows(address)
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
