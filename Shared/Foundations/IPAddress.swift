import Glibc

/// An address of IPv4 or IPv6.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address in network order: 4 bytes for IPv4, 16 for IPv6.
    package let bytes: [UInt8]

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// The address that `text` names, as `inet_pton` reads it: no zone, no brackets, no short forms of IPv4.
    package init?(_ text: String) {
        func parse(family: Int32, count: Int) -> [UInt8]? {
            var bytes = [UInt8](repeating: 0, count: count)
            return inet_pton(family, text, &bytes) == 1 ? bytes : nil
        }
        guard !text.utf8.contains(0), let bytes = parse(family: AF_INET, count: 4) ?? parse(family: AF_INET6, count: 16)
        else { return nil }
        self.bytes = bytes
    }

    /// The address in `address`, or `nil` if it is of another family.
    ///
    /// The pointer must be to a whole `sockaddr_in` or `sockaddr_in6`, as its family says.
    package init?(_ address: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in.self).sin_addr) { [UInt8]($0) }
        case AF_INET6:
            bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { [UInt8]($0) }
        default: return nil
        }
    }

    /// The addresses that a name stands for now, in order; an address stands for itself. `nil` where the name cannot be
    /// resolved. Blocking.
    package static func resolve(_ host: String) -> [IPAddress]? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        defer { if let first { freeaddrinfo(first) } }
        guard getaddrinfo(host, nil, &hints, &first) == 0 else { return nil }
        return sequence(first: first) { $0?.pointee.ai_next }.compactMap { entry in
            guard let entry, let address = entry.pointee.ai_addr else { return nil }
            return IPAddress(address)
        }
    }

    package var isIPv4: Bool { bytes.count == 4 }

    /// The IPv4 address inside an IPv4-mapped one (`::ffff:a.b.c.d`), else the address itself.
    package var unmapped: IPAddress {
        guard bytes.count == 16, bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF
        else { return self }
        return IPAddress(bytes: Array(bytes.suffix(4)))
    }

    /// Whether the first `bits` bits are those of `network`; never true across families.
    package func isWithin(_ network: IPAddress, bits: Int) -> Bool {
        guard bytes.count == network.bytes.count, (0...bytes.count * 8).contains(bits) else { return false }
        let whole = bits / 8
        guard bytes.prefix(whole) == network.bytes.prefix(whole) else { return false }
        guard bits % 8 != 0 else { return true }
        return (bytes[whole] ^ network.bytes[whole]) >> (8 - bits % 8) == 0
    }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = isIPv4 ? AF_INET : AF_INET6
        guard inet_ntop(family, bytes, &text, socklen_t(text.count)) != nil else { return "invalid address" }
        return String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
