import Glibc

/// Composes the command lines that put a command into namespaces of its own.
///
/// An ordinary user gets a user namespace from bubblewrap. Root needs none to mount, so bubblewrap keeps the right to
/// change the user, `setpriv` changes it for good, and `unshare` adds a user namespace, in which the limit on processes
/// is counted for this command alone. In this order the folders above the work tree may be closed to the account.
struct Bubblewrap: Sendable {
    static let program = "bwrap"

    let view: HostView
    let account: SandboxAccount?
    /// Whether `unshare --user` works for the account.
    var nestsUserNamespace = true
    /// Whether bubblewrap can keep the command from making user namespaces of its own.
    var forbidsUserNamespaces = true

    /// The arguments of ``program`` for `command`.
    func arguments(for command: SandboxCommand) -> [String] {
        isolation + privateFolders(command.limits) + view.mounts + HostView.readOnly(command.readOnlyPaths)
            + ["--bind", command.workTree, Sandbox.workspace, "--chdir", Sandbox.workspace]
            + ["--remount-ro", "/", "--remount-ro", "/dev", "--"]
            + dropPrivileges + Self.limit(command.limits) + command.arguments
    }

    private var isolation: [String] {
        // No --new-session: the run has one of its own already, and one signal to its group must reach every process of
        // bubblewrap at any moment. It binds the namespace to its parent only once it is set up.
        let common = ["--die-with-parent", "--cap-drop", "ALL", "--hostname", "sandbox"]
        let namespaces = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
        if account != nil {
            return namespaces + common + ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
        }
        return namespaces + ["--unshare-user"] + (forbidsUserNamespaces ? ["--disable-userns"] : []) + common
    }

    private func privateFolders(_ limits: SandboxLimits) -> [String] {
        let size = String(limits.temporaryBytes)
        return [
            "--proc", "/proc", "--dev", "/dev",
            "--perms", "1777", "--size", size, "--tmpfs", "/dev/shm",
            "--perms", "1777", "--size", size, "--tmpfs", "/tmp",
            "--perms", "0777", "--dir", Sandbox.home,
        ]
    }

    private var dropPrivileges: [String] {
        guard let account else { return [] }
        let change = Self.setpriv(account)
        return nestsUserNamespace ? change + ["unshare", "--user", "--map-current-user"] : change
    }

    /// The command that becomes `account` for good.
    static func setpriv(_ account: SandboxAccount) -> [String] {
        [
            "setpriv", "--reuid", String(account.userID), "--regid", String(account.groupID), "--clear-groups",
            "--inh-caps=-all", "--no-new-privs",
        ]
    }

    /// The command that sets the kernel's limits. None is above what this process may have itself: that is refused.
    static func limit(_ limits: SandboxLimits) -> [String] {
        [
            "prlimit", "--as=\(bounded(limits.addressSpaceBytes, RLIMIT_AS))",
            "--nproc=\(bounded(limits.processes, __RLIMIT_NPROC))",
            "--fsize=\(bounded(limits.fileBytes, RLIMIT_FSIZE))",
            "--nofile=\(bounded(limits.openFiles, RLIMIT_NOFILE))",
            "--cpu=\(bounded(limits.cpuSeconds, RLIMIT_CPU))", "--core=0", "--",
        ]
    }

    private static func bounded(_ wanted: Int, _ resource: __rlimit_resource) -> Int {
        var own = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &own) == 0 else { return wanted }
        return Int(clamping: min(rlim_t(clamping: wanted), own.rlim_max))
    }
}
