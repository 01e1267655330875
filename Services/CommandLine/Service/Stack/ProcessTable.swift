import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// Looks at processes through `/proc` and sends them signals.
enum ProcessTable {
    /// When the kernel started a process, in clock ticks since boot; `nil` if there is none, or only its remains.
    static func startTicks(_ pid: Int32) -> UInt64? {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z" else { return nil }
        return UInt64(fields[19])
    }

    static func isAlive(_ process: StackProcess) -> Bool { startTicks(process.pid) == process.startTicks }

    /// Resident memory in bytes.
    static func residentBytes(_ pid: Int32) -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8),
            let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Waits until a child has ended. Returns 0…255, or 128 + the number of the signal that ended it; `nil` if it is no child.
    static func waitForEnd(_ pid: Int32, options: Int32 = 0) -> Int32? {
        var status: Int32 = 0
        var ended: Int32
        repeat { ended = waitpid(pid, &status, options) } while ended == -1 && errno == EINTR
        guard ended == pid else { return nil }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }

    static func signal(_ process: StackProcess, _ signal: Int32) {
        if isAlive(process) { kill(process.pid, signal) }
    }

    /// Waits until every process has ended; those that have not by then are killed.
    static func end(_ processes: [StackProcess], within limit: Duration) async {
        // SIGTERM lets Postgres wait for its clients, SIGINT does not.
        for process in processes { signal(process, process.name == "postgres" ? SIGINT : SIGTERM) }
        let deadline = ContinuousClock.now + limit
        while processes.contains(where: isAlive), ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
        for process in processes { signal(process, SIGKILL) }
    }
}
