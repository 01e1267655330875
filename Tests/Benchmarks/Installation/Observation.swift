import Foundations

/// What an installation has used and asked for up to a moment, or between two.
struct Observation: Sendable {
    let usage: InstallationUsage
    let traffic: DatabaseTraffic
    /// The time between the two.
    let seconds: Double

    private static let beginning = ContinuousClock.now

    /// Up to now, and it has done nothing for a while, see ``DatabaseTraffic``.
    init(settled installation: Installation) async throws {
        traffic = try await DatabaseTraffic(settled: installation.platform)
        usage = installation.usage()
        seconds = (ContinuousClock.now - Self.beginning).seconds
    }

    private init(_ usage: InstallationUsage, _ traffic: DatabaseTraffic, _ seconds: Double) {
        self.usage = usage
        self.traffic = traffic
        self.seconds = seconds
    }

    static func - (left: Observation, right: Observation) -> Observation {
        Observation(left.usage - right.usage, left.traffic - right.traffic, left.seconds - right.seconds)
    }

    /// The same for each second of it.
    var perSecond: Observation { Observation(usage * (1 / seconds), traffic * (1 / seconds), 1) }
}
