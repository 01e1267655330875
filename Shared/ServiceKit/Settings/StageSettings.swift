import Contracts
import FoundationEssentials
import Foundations

/// What every service reads that works on a stage: ``Setting/stages``.
package struct StageSettings: Sendable {
    /// Stage runs of one replica at a time.
    package let concurrency: Int
    package let maxRetries: Int
    /// How long a stage may go without finishing a step.
    package let stepTimeout: Duration
    /// The folder of mirrors and work trees, absolute.
    package let home: String
    package let allowsLocalRemotes: Bool
    /// Where remotes may be.
    package let remoteAddresses: AddressPolicy

    init(_ source: SettingsSource) throws {
        concurrency = try source.int(.concurrency, in: 1...10_000)
        maxRetries = try source.int(.maxRetries, in: 0...100)
        stepTimeout = .seconds(try source.int(.stepTimeout, in: 1...86_400))
        home = URL(fileURLWithPath: try source.required(.home)).path
        allowsLocalRemotes = try source.bool(.allowLocal)
        remoteAddresses = try Self.remoteAddresses(source)
    }

    private static func remoteAddresses(_ source: SettingsSource) throws -> AddressPolicy {
        var policy = AddressPolicy(allowsPrivate: try source.bool(.allowPrivate))
        for entry in try source.list(.allowedHosts) {
            if let range = AddressRange(entry) {
                policy.ranges.append(range)
            } else if entry.wholeMatch(of: /[A-Za-z0-9_]([A-Za-z0-9_.\-]*[A-Za-z0-9])?/) != nil {
                policy.hosts.insert(entry.lowercased())
            } else {
                throw SettingsError(
                    .allowedHosts, "expected names of hosts and ranges such as 10.1.0.0/16, got \(entry)")
            }
        }
        return policy
    }
}
