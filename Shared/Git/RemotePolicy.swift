import FoundationEssentials
import Foundations

/// What the operator says of remotes: where they may be, and how those behind SSH prove who they are.
package struct RemotePolicy: Sendable, Hashable {
    /// Where a remote may be; remotes that are paths of this host are another matter, see ``RemoteURL``.
    package var addresses: AddressPolicy
    /// The path of a file of host keys in the form of `known_hosts`: hosts that it does not name are refused. `nil` trusts
    /// the key that a host shows first, unless a password would go there.
    package var knownHosts: String?

    package init(addresses: AddressPolicy = AddressPolicy(), knownHosts: String? = nil) {
        self.addresses = addresses
        self.knownHosts = knownHosts
    }

    /// Throws ``GitError/Code/forbiddenAddress`` where the address itself tells that it is not public.
    package func check(_ remote: RemoteURL) throws {
        guard let host = remote.host, isJudged(host), let address = IPAddress(Self.bare(host)) else { return }
        guard addresses.allows(address) else { throw Self.refusal }
    }

    /// The addresses that a connection to `remote` may be made to, in order; `nil` where any will do.
    ///
    /// They are what the name stands for now: whoever connects takes one of them and asks nobody again. Throws
    /// ``GitError/Code/forbiddenAddress``, ``GitError/Code/unreachable``.
    func places(of remote: RemoteURL) async throws -> [IPAddress]? {
        guard let host = remote.host, isJudged(host) else { return nil }
        let found: [IPAddress]
        do {
            found = try await Self.names.run { try Self.resolve(Self.bare(host)) }
        } catch  where remote.transport != .ssh && Self.hasProxy {
            // Where the operator's proxy is the only way out, it alone may know the name.
            return nil
        }
        let allowed = found.filter(addresses.allows)
        guard !allowed.isEmpty else { throw Self.refusal }
        return allowed
    }

    private func isJudged(_ host: String) -> Bool { !addresses.allowsPrivate && !addresses.hosts.contains(host) }

    private static let refusal = GitError(
        .forbiddenAddress, "the remote is not at a public address, and this platform allows no other")

    private static var hasProxy: Bool {
        let environment = ProcessInfo.processInfo.environment
        return ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].contains {
            environment[$0] != nil
        }
    }

    // MARK: Names

    /// Names are asked for on threads of their own: a server that does not answer holds up no work on files.
    private static let names = BlockingPool(label: "automata.git.names", width: 8)

    /// Without the brackets around an address of IPv6.
    private static func bare(_ host: String) -> String { host.trimming { $0 == "[" || $0 == "]" } }

    /// Blocking.
    private static func resolve(_ host: String) throws -> [IPAddress] {
        guard let addresses = IPAddress.resolve(host) else {
            throw GitError(.unreachable, "the name of the remote's host cannot be resolved")
        }
        return addresses
    }
}
