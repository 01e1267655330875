import Glibc

/// Composes the command lines that put a command into namespaces of its own.
///
/// An ordinary user gets a user namespace from bubblewrap. Where the service is root, bubblewrap runs twice: root shows
/// the work tree at a place that the account may walk to, for the folders above it may be closed, and the account, to
/// which `setpriv` changes for good, makes the sandbox from that view as any other ordinary user would.
struct Bubblewrap: Sendable {
    static let program = "bwrap"

    /// The user namespace of a command, in which its limit on processes is counted.
    enum UserNamespace: CaseIterable, Sendable {
        /// Its own, and it can make no other.
        case closed
        /// Its own. Bubblewrap cannot forbid others here; the filter of system calls does.
        case own
        /// None, where user namespaces are not allowed: only root can do without. The limit on processes then counts
        /// for all commands of the account.
        case none

        /// For people.
        var summary: String {
            switch self {
            case .closed: "namespaces, no user namespaces within, system calls filtered"
            case .own: "namespaces, system calls filtered"
            case .none: "namespaces but that of users, system calls filtered"
            }
        }
    }

    let view: HostView
    let account: SandboxAccount?
    let memory: MemoryLimit
    var userNamespace = UserNamespace.closed

    /// How `command` is started with `environment`. Throws where no filter of system calls fits the processor.
    func invocation(for command: SandboxCommand, environment: [String: String]) throws -> Invocation {
        guard let architecture = Architecture.host else {
            throw BubblewrapProbe.unavailable("system calls can be filtered on x86-64 and 64-bit ARM only")
        }
        let filter = SystemCallFilter.bytes(
            for: architecture, boundsUnmappedMemory: memory.overlooksUnmappedMemory)
        return Invocation(
            program: Self.program, arguments: arguments(for: command), environment: environment, filter: filter)
    }

    /// The arguments of ``program`` for `command`. The filter of system calls is read from ``Invocation/filter``.
    func arguments(for command: SandboxCommand) -> [String] {
        let limited = Self.limit(command.limits, memory) + command.arguments
        guard let account else { return sandbox(command, workTree: command.workTree) + limited }
        let become = Self.setpriv(account)
        guard userNamespace != .none else {
            return sandbox(command, workTree: command.workTree) + become + limited
        }
        return accountView(command) + become + [Self.program] + sandbox(command, workTree: Sandbox.workspace) + limited
    }

    private func sandbox(_ command: SandboxCommand, workTree: String) -> [String] {
        isolation + ["--seccomp", String(Invocation.filterDescriptor)] + privateFolders(command.limits) + view.mounts
            + HostView.readOnly(command.readOnlyPaths)
            + ["--bind", workTree, Sandbox.workspace] + Self.mounts(command)
            + ["--chdir", Sandbox.workspace]
            + ["--remount-ro", "/", "--remount-ro", "/dev", "--"]
    }

    /// What root shows to the account: the parts of the sandbox, with the host's `/proc`, in no other namespace than one
    /// of mounts.
    private func accountView(_ command: SandboxCommand) -> [String] {
        let sources = command.mounts.filter { $0.kind != .temporary }
        return ["--die-with-parent"] + Self.identityChange
            + ["--dev-bind", "/proc", "/proc", "--dev-bind", "/dev", "/dev", "--perms", "0755", "--dir", "/tmp"]
            + view.sources + HostView.readOnly(command.readOnlyPaths)
            + sources.flatMap { HostView.folders(above: $0.source) }.flatMap(HostView.folder)
            + sources.flatMap { $0.options(at: $0.source, command.limits) }
            + ["--bind", command.workTree, Sandbox.workspace, "--"]
    }

    /// Places below the work tree are made by ``MountPoints``.
    private static func mounts(_ command: SandboxCommand) -> [String] {
        let outside = command.mounts.filter { !$0.place.hasPrefix("\(Sandbox.workspace)/") }
        return outside.flatMap { HostView.folders(above: $0.place) }.flatMap(HostView.folder)
            + command.mounts.flatMap { $0.options(at: $0.place, command.limits) }
    }

    private static let identityChange = ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]

    private var isolation: [String] {
        // No --new-session: the run has one of its own already, and one signal to its group must reach every process of
        // bubblewrap at any moment. It binds the namespace to its parent only once it is set up.
        let common = ["--die-with-parent", "--hostname", "sandbox"]
        let namespaces = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        switch userNamespace {
        case .closed: return namespaces + ["--unshare-user", "--disable-userns", "--cap-drop", "ALL"] + common
        case .own: return namespaces + ["--unshare-user", "--cap-drop", "ALL"] + common
        case .none: return namespaces + Self.identityChange + common
        }
    }

    private func privateFolders(_ limits: SandboxLimits) -> [String] {
        let size = String(limits.temporaryBytes)
        return [
            "--proc", "/proc", "--dev", "/dev",
            "--perms", "1777", "--size", size, "--tmpfs", "/dev/shm",
            "--perms", "1777", "--size", size, "--tmpfs", "/tmp",
            "--perms", "0777", "--dir", Sandbox.home,
        ] + HostView.hidden
    }

    /// The command that becomes `account` for good.
    static func setpriv(_ account: SandboxAccount) -> [String] {
        [
            "setpriv", "--reuid", String(account.userID), "--regid", String(account.groupID), "--clear-groups",
            "--inh-caps=-all", "--no-new-privs",
        ]
    }

    /// The command that sets the kernel's limits. None is above what this process may have itself: that is refused.
    static func limit(_ limits: SandboxLimits, _ memory: MemoryLimit) -> [String] {
        var options = [
            "--nproc=\(bounded(limits.processes, __RLIMIT_NPROC))",
            "--fsize=\(bounded(limits.fileBytes, RLIMIT_FSIZE))",
            "--nofile=\(bounded(limits.openFiles, RLIMIT_NOFILE))",
            "--cpu=\(bounded(limits.cpuSeconds, RLIMIT_CPU))", "--core=0",
        ]
        if case .addressSpace = memory { options.append("--as=\(bounded(limits.memoryBytes, RLIMIT_AS))") }
        return ["prlimit"] + options + ["--"]
    }

    private static func bounded(_ wanted: Int, _ resource: __rlimit_resource) -> Int {
        var own = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &own) == 0 else { return wanted }
        return Int(clamping: min(rlim_t(clamping: wanted), own.rlim_max))
    }
}
