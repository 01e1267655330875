import Foundations

/// Which hosts the commands of a setup may reach: what the operator allows, and of it what the project asks for.
package struct FetchList: Sendable, Hashable {
    /// The operator's: `SETUP_HOSTS`.
    package let allowed: [HostPattern]
    /// The project's: `validation.fetch`; empty asks for all of ``allowed``.
    package let wanted: [HostPattern]

    package init(allowed: [HostPattern], wanted: [HostPattern] = []) {
        self.allowed = allowed
        self.wanted = wanted
    }

    /// What is wanted and not allowed, in order.
    package var excess: [HostPattern] { wanted.filter { wanted in !allowed.contains { $0.covers(wanted) } } }

    /// Why a connection may not be made, for people; `nil` where it may.
    package func refusal(_ host: String, port: UInt16) -> String? {
        let place = [80, 443].contains(port) ? host : "\(host):\(port)"
        guard allowed.contains(where: { $0.allows(host, port: port) }) else { return "\(place) is not in SETUP_HOSTS" }
        guard wanted.isEmpty || wanted.contains(where: { $0.allows(host, port: port) }) else {
            return "\(place) is not in validation.fetch"
        }
        return nil
    }
}
