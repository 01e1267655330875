import Foundations
import Glibc

/// The cgroup of one command.
struct ControlGroup: Sendable {
    /// Processes of the sandbox itself.
    private static let ownProcesses = 8

    let path: String

    /// Makes it and sets its limits. What is left of a group whose memory cannot be limited is removed.
    func create(_ limits: SandboxLimits) -> Bool {
        guard mkdir(path, 0o755) == 0 else { return false }
        let limited =
            set("memory.max", limits.memoryBytes) && set("pids.max", limits.processes + Self.ownProcesses)
            && set("memory.oom.group", 1)
        if !limited { rmdir(path) }
        // Not every kernel swaps, and not every tree hands control of the processor down.
        _ = set("memory.swap.max", 0)
        _ = set("cpu.weight", 50)
        return limited
    }

    private func set(_ name: String, _ value: Int) -> Bool { ControlGroups.write("\(value)", to: "\(path)/\(name)") }

    var ranOutOfMemory: Bool {
        ControlGroups.text("\(path)/memory.events").split(separator: "\n").contains { line in
            line.hasPrefix("oom_kill ") && !line.hasSuffix(" 0")
        }
    }

    /// Returns whether it is gone: processes that were killed take a moment to end.
    func remove() -> Bool {
        _ = ControlGroups.write("1", to: "\(path)/cgroup.kill")
        return rmdir(path) == 0 || errno == ENOENT
    }
}
