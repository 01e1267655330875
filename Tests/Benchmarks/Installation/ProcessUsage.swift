import Foundation
import Glibc
import PlatformSupport

/// What a process has used so far, as `/proc` tells.
struct ProcessUsage: Sendable {
    /// Processor time in milliseconds, user and system.
    var own = 0.0
    /// That of its children and theirs, those that have ended included.
    var children = 0.0
    /// How often one of its threads gave up a processor or lost it. Threads that have ended are not counted.
    var switches = 0.0

    var total: Double { own + children }

    init() {}

    /// A process that is gone has used nothing.
    init(of process: Int32) {
        let fields = Self.fields(of: process)
        own = fields.own
        children = fields.reaped + Processes.children(of: process).reduce(0) { $0 + ProcessUsage(of: $1).total }
        switches = Self.threads(of: process).reduce(0) { sum, thread in
            let status = Self.status("/proc/\(process)/task/\(thread)/status")
            return sum + (status["voluntary_ctxt_switches"] ?? 0) + (status["nonvoluntary_ctxt_switches"] ?? 0)
        }
    }

    static func - (left: ProcessUsage, right: ProcessUsage) -> ProcessUsage {
        var difference = ProcessUsage()
        difference.own = left.own - right.own
        difference.children = left.children - right.children
        difference.switches = left.switches - right.switches
        return difference
    }

    static func * (usage: ProcessUsage, factor: Double) -> ProcessUsage {
        var product = ProcessUsage()
        product.own = usage.own * factor
        product.children = usage.children * factor
        product.switches = usage.switches * factor
        return product
    }

    /// Processor time that ended and awaited children of this process took, in milliseconds.
    static func reaped() -> Double { fields(of: getpid()).reaped }

    /// Numbers of a status file by name, as `VmRSS` in KiB.
    static func status(_ path: String) -> [String: Double] {
        let entries = text(path).split(separator: "\n").compactMap { line -> (String, Double)? in
            let parts = line.split { $0 == ":" || $0.isWhitespace }
            return parts.count > 1 ? Double(parts[1]).map { (String(parts[0]), $0) } : nil
        }
        return Dictionary(entries) { first, _ in first }
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }

    private static func threads(of process: Int32) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
    }

    /// proc(5), stat: utime and stime, cutime and cstime. The name before them may hold anything but ends at the last
    /// bracket.
    private static func fields(of process: Int32) -> (own: Double, reaped: Double) {
        let rest = text("/proc/\(process)/stat").split(separator: ")").last ?? ""
        let fields = rest.split(separator: " ").map { Double($0) ?? 0 }
        guard fields.count > 14 else { return (0, 0) }
        let tick = 1000 / Double(sysconf(Int32(_SC_CLK_TCK)))
        return ((fields[11] + fields[12]) * tick, (fields[13] + fields[14]) * tick)
    }
}

/// The memory of a process, in MiB.
struct ProcessMemory {
    /// What it has in memory now, and the most it ever had.
    let resident: Double, peak: Double
    let threads: Double

    init(of process: Int32) {
        let status = ProcessUsage.status("/proc/\(process)/status")
        resident = (status["VmRSS"] ?? 0) / 1024
        peak = (status["VmHWM"] ?? 0) / 1024
        threads = status["Threads"] ?? 0
    }
}
