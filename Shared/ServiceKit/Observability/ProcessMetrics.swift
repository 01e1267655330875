import FoundationEssentials
import Foundations
import Glibc
import SystemPackage

extension MetricsRegistry {
    /// Adds what is known of the process itself, at each scrape.
    func collectProcess(service: String, version: String) {
        set(.build, service, version, to: 1)
        set(.startTime, to: Date().timeIntervalSince1970)
        collect { metrics in
            metrics.set(.cpuSeconds, to: ProcessFigures.cpuSeconds)
            if let bytes = ProcessFigures.residentBytes { metrics.set(.residentMemory, to: bytes) }
            if let files = ProcessFigures.openFiles { metrics.set(.openFiles, to: files) }
            if let files = ProcessFigures.maxFiles { metrics.set(.maxFiles, to: files) }
        }
    }
}

/// What the kernel says of this process; `nil` where it says nothing.
enum ProcessFigures {
    static var cpuSeconds: Double {
        var usage = rusage()
        guard getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return 0 }
        return [usage.ru_utime, usage.ru_stime].map { Double($0.tv_sec) + Double($0.tv_usec) / 1e6 }.reduce(0, +)
    }

    static var residentBytes: Double? {
        guard let file = try? FileDescriptor.open("/proc/self/statm", .readOnly, options: .closeOnExec) else {
            return nil
        }
        defer { try? file.close() }
        let text = (try? file.bytes(upTo: 4096)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return text.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 * Double(getpagesize()) }
    }

    static var openFiles: Double? {
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        // Without `.`, `..` and the folder that is read here.
        var count = -3.0
        while readdir(folder) != nil { count += 1 }
        return count
    }

    static var maxFiles: Double? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return Double(limit.rlim_cur)
    }
}
