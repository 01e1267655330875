/// Which addresses may be connected to for a tenant, who chose them: without leave of the operator public ones alone.
///
/// Without it a service would be a way into the operator's network. Names are judged by what they resolve to, right
/// before the connection is made.
package struct AddressPolicy: Sendable, Hashable {
    /// Whether private, loopback and link-local addresses are allowed.
    package var allowsPrivate: Bool
    /// Ranges that are allowed although they are not public.
    package var ranges: [AddressRange]
    /// Names of hosts, in lower case, that are allowed wherever they are.
    package var hosts: Set<String>

    package init(allowsPrivate: Bool = false, ranges: [AddressRange] = [], hosts: Set<String> = []) {
        self.allowsPrivate = allowsPrivate
        self.ranges = ranges
        self.hosts = hosts
    }

    /// Networks that are not public (IANA special-purpose registries for IPv4 and IPv6), or that carry an IPv4 address
    /// of any kind inside (NAT64, 6to4, Teredo and other translations).
    private static let closed: [AddressRange] = [
        ("0.0.0.0", 8), ("10.0.0.0", 8), ("100.64.0.0", 10), ("127.0.0.0", 8), ("169.254.0.0", 16),
        ("172.16.0.0", 12), ("192.0.0.0", 24), ("192.0.2.0", 24), ("192.88.99.0", 24), ("192.168.0.0", 16),
        ("198.18.0.0", 15), ("198.51.100.0", 24), ("203.0.113.0", 24), ("224.0.0.0", 4), ("240.0.0.0", 4),
        ("::", 96), ("::ffff:0:0:0", 96), ("64:ff9b::", 96), ("64:ff9b:1::", 48), ("100::", 64), ("100:0:0:1::", 64),
        ("2001::", 23), ("2001:db8::", 32), ("2002::", 16), ("3fff::", 20), ("5f00::", 16), ("fc00::", 7),
        ("fe80::", 10), ("fec0::", 10), ("ff00::", 8),
    ].compactMap { text, bits in IPAddress(text).map { AddressRange($0, bits: bits) } }

    /// Whether a connection to `address` may be made.
    package func allows(_ address: IPAddress) -> Bool {
        let address = address.unmapped
        return allowsPrivate || ranges.contains { $0.contains(address) }
            || !Self.closed.contains { $0.contains(address) }
    }
}

/// A network: an address and how many of its first bits count.
package struct AddressRange: Sendable, Hashable {
    private let network: IPAddress
    private let bits: Int

    init(_ network: IPAddress, bits: Int) {
        self.network = network
        self.bits = bits
    }

    /// Reads `10.1.0.0/16`, `fd00::/8` or one address; `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let network = IPAddress(String(first)) else { return nil }
        let width = network.bytes.count * 8
        guard let bits = parts.count == 2 ? Int(parts[1]) : width, (0...width).contains(bits) else { return nil }
        self.init(network, bits: bits)
    }

    /// Whether the range holds `address`; never across families.
    package func contains(_ address: IPAddress) -> Bool { address.isWithin(network, bits: bits) }
}
