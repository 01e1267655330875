import FoundationEssentials
import Foundations
import Glibc

/// The folder of the cgroup tree (version 2) in which each command gets a cgroup of its own.
package struct ControlGroups: Sendable {
    private static let pool = BlockingPool(label: "sandbox.cgroups", width: 2)
    /// In front of the process id of the service and the name of the group.
    private static let prefix = "automata-command-"
    /// The group into which a service moves: the kernel lets only groups without processes of their own limit others.
    static let serviceName = "automata-service"

    let folder: String

    /// Finds a place where this process may make groups and limit their memory: below its own group, if it is alone
    /// there, else beside it.
    static func find(
        mounts: String = text("/proc/self/mountinfo"), membership: String = text("/proc/self/cgroup")
    ) -> ControlGroups? {
        guard let own = ownFolder(mounts: mounts, membership: membership) else { return nil }
        let above = String(own.dropLast(own.reversed().prefix { $0 != "/" }.count + 1))
        if own.hasSuffix("/\(serviceName)") { return usable(above) }
        // Only the root of all has no type; what runs there is in nobody's way.
        if access("\(own)/cgroup.type", F_OK) != 0 { return usable(own) }
        if isAlone(in: own), controls(own), moveAside(from: own), let groups = usable(own) { return groups }
        return usable(above)
    }

    /// The folder of this process's group, from `mountinfo` and `cgroup` of `/proc/self`.
    static func ownFolder(mounts: String, membership: String) -> String? {
        let lines = membership.split(separator: "\n")
        guard let path = lines.first(where: { $0.hasPrefix("0::/") })?.dropFirst(3), !path.contains("/..") else {
            return nil
        }
        for line in mounts.split(separator: "\n") where line.contains(" - cgroup2 ") {
            let fields = line.split(separator: " ")
            guard fields.count > 4 else { continue }
            let (root, point) = (fields[3], fields[4])
            let below = root == "/" ? path : "\(path)/".hasPrefix("\(root)/") ? path.dropFirst(root.count) : nil
            if let below { return below == "/" ? String(point) : "\(point)\(below)" }
        }
        return nil
    }

    /// Hands control of memory and processes down to groups in `folder` and tries one.
    private static func usable(_ folder: String) -> ControlGroups? {
        guard controls(folder), write("+memory +pids", to: "\(folder)/cgroup.subtree_control") else { return nil }
        _ = write("+cpu", to: "\(folder)/cgroup.subtree_control")
        let groups = ControlGroups(folder: folder)
        groups.sweep()
        let trial = groups.group(UUID().uuidString)
        defer { rmdir(trial.path) }
        return trial.create(SandboxLimits()) ? groups : nil
    }

    /// Whether memory and processes can be limited below `folder`.
    private static func controls(_ folder: String) -> Bool {
        let names = text("\(folder)/cgroup.controllers").split { $0.isWhitespace }
        return names.contains("memory") && names.contains("pids")
    }

    private static func isAlone(in folder: String) -> Bool {
        text("\(folder)/cgroup.procs").split(separator: "\n").map { Int32($0) } == [getpid()]
    }

    private static func moveAside(from folder: String) -> Bool {
        let service = "\(folder)/\(serviceName)"
        guard mkdir(service, 0o755) == 0 || errno == EEXIST else { return false }
        return write("\(getpid())", to: "\(service)/cgroup.procs")
    }

    /// Removes what services that were killed left behind.
    private func sweep() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            guard name.hasPrefix(Self.prefix) else { continue }
            let owner = name.dropFirst(Self.prefix.count).prefix { $0 != "-" }
            guard let process = Int32(owner), kill(process, 0) != 0, errno == ESRCH else { continue }
            _ = Self.write("1", to: "\(folder)/\(name)/cgroup.kill")
            rmdir("\(folder)/\(name)")
        }
    }

    private func group(_ name: String) -> ControlGroup {
        ControlGroup(path: "\(folder)/\(Self.prefix)\(getpid())-\(name)")
    }

    /// A new group with these limits.
    func make(_ limits: SandboxLimits) async throws -> ControlGroup {
        let group = group(UUID().uuidString)
        let made = try await Self.pool.run { group.create(limits) }
        guard made else { throw SandboxError(.unavailable, "no cgroup could be made in \(folder)") }
        return group
    }

    /// Ends what is left in `group`, removes it, and tells whether memory ran out in it.
    func remove(_ group: ControlGroup) async -> Bool {
        let ranOut = try? await Self.pool.run {
            let ranOut = group.ranOutOfMemory
            // Also for a task that was cancelled: this thread may wait.
            for attempt in 0..<8 {
                if group.remove() { break }
                usleep(1000 << UInt32(attempt))
            }
            return ranOut
        }
        return ranOut ?? false
    }

    static func text(_ path: String) -> String { (try? String(contentsOfFile: path, encoding: .utf8)) ?? "" }

    static func write(_ text: String, to path: String) -> Bool {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { close(file) }
        return Glibc.write(file, text, text.utf8.count) == text.utf8.count
    }
}
