/// What every process of the product has used, by name: up to a moment, or between two.
struct InstallationUsage: Sendable {
    let processes: [String: ProcessUsage]

    /// All together, in milliseconds of processor time.
    var total: Double { processes.values.reduce(0) { $0 + $1.total } }

    static func - (left: InstallationUsage, right: InstallationUsage) -> InstallationUsage {
        InstallationUsage(processes: left.processes.merging(right.processes) { $0 - $1 })
    }

    static func * (usage: InstallationUsage, factor: Double) -> InstallationUsage {
        InstallationUsage(processes: usage.processes.mapValues { $0 * factor })
    }
}

extension Installation {
    /// What every process has used so far. Right after work: threads that rest for seconds end, and what they counted is
    /// gone with them.
    func usage() -> InstallationUsage {
        let usages = processes.map { ($0.name, ProcessUsage(of: $0.id)) }
        return InstallationUsage(processes: Dictionary(usages) { first, _ in first })
    }
}
