/// Hosts that may be connected to: one by its name or address, or by `*.example.com` all below a name; with `:8081` at
/// that port alone, else at those of HTTP and HTTPS.
package struct HostPattern: Sendable, Hashable, CustomStringConvertible {
    /// The ports of a pattern that names none.
    private static let usualPorts: Set<UInt16> = [80, 443]
    /// What a pattern looks like, for people.
    package static let form = "expected the name of a host, such as pypi.org, *.example.com or nexus.corp.example:8081"

    private let name: String
    private let isWildcard: Bool
    private let port: UInt16?

    /// `nil` for what is no such pattern.
    package init?(_ text: String) {
        isWildcard = text.hasPrefix("*.")
        guard let (host, port) = Self.split(isWildcard ? String(text.dropFirst(2)) : text) else { return nil }
        guard !isWildcard || IPAddress(host) == nil && host.contains(".") else { return nil }
        (name, self.port) = (host, port)
    }

    /// Whether a connection to `port` of `host` may be made. A host is as ``split(_:)`` gives it.
    package func allows(_ host: String, port: UInt16) -> Bool {
        holds(host) && (self.port.map { $0 == port } ?? Self.usualPorts.contains(port))
    }

    /// Whether this allows all that `other` allows.
    package func covers(_ other: HostPattern) -> Bool {
        let reachesAll = other.isWildcard ? isWildcard && (name == other.name || holds(other.name)) : holds(other.name)
        guard let theirs = other.port else { return reachesAll && port == nil }
        return reachesAll && (port.map { $0 == theirs } ?? Self.usualPorts.contains(theirs))
    }

    private func holds(_ host: String) -> Bool { isWildcard ? host.hasSuffix(".\(name)") : host == name }

    package var description: String {
        let host = name.contains(":") ? "[\(name)]" : name
        return (isWildcard ? "*." : "") + host + (port.map { ":\($0)" } ?? "")
    }

    /// A host in lower case, without brackets or the dot at its end, and its port if one is named: `nil` for anything
    /// that is no name and no address.
    package static func split(_ text: String) -> (host: String, port: UInt16?)? {
        var (host, rest) = (text[...], ""[...])
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            (host, rest) = (text[text.index(after: text.startIndex)..<end], text[text.index(after: end)...])
            guard IPAddress(String(host)) != nil else { return nil }
        } else if let colon = text.firstIndex(of: ":") {
            (host, rest) = (text[..<colon], text[colon...])
        }
        if host.hasSuffix(".") { host = host.dropLast() }
        guard text.hasPrefix("[") || isName(host) else { return nil }
        guard !rest.isEmpty else { return (host.lowercased(), nil) }
        // A sign would be taken for a part of the number.
        guard rest.hasPrefix(":"), rest.dropFirst().allSatisfy(\.isASCIIDigit), let port = UInt16(rest.dropFirst()),
            port > 0
        else { return nil }
        return (host.lowercased(), port)
    }

    private static func isName(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        return text.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count) && !label.hasPrefix("-")
                    && label.utf8.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                            true
                        default: false
                        }
                    }
            }
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
