import Glibc

/// The `seccomp` filter of every command: the parts of the kernel that no tool chain needs are out of reach.
///
/// It refuses what reaches beyond the sandbox or into other processes, and what has a record of holes in the kernel.
/// All else is allowed, up to the newest call that this table was compared with.
enum SystemCallFilter {
    /// `file_setattr` of Linux 6.17. Later calls do not exist for commands, nor do those of x32, which have a high bit.
    static let newest: UInt32 = 469

    /// The program as bubblewrap takes it (`--seccomp`).
    ///
    /// - Parameter boundsUnmappedMemory: Whether memory that is in no process's address space is refused, because
    ///   nothing here could count it.
    static func bytes(for architecture: Architecture, boundsUnmappedMemory: Bool) -> [UInt8] {
        instructions(for: architecture, boundsUnmappedMemory: boundsUnmappedMemory).flatMap(\.bytes)
    }

    static func instructions(for architecture: Architecture, boundsUnmappedMemory: Bool) -> [FilterInstruction] {
        let rules = standing + (boundsUnmappedMemory ? unmappedMemory : [])
        return [
            // Programs of another architecture would get wrong answers for ever: they end at once.
            .loadArchitecture, .equal(architecture.auditCode, skip: 1), .killProcess,
            .loadNumber, .above(newest, otherwise: 1), .refuse(ENOSYS),
        ] + rules.flatMap { $0.instructions(on: architecture) } + [.allow]
    }

    private static let standing =
        namespaces + mounts + keys + otherProcesses + kernelInterfaces + machine + sockets + oddities

    /// `CLONE_NEW…`; for `clone` the lowest bits are a signal.
    private static let namespaceFlags: UInt32 = 0x7E02_0000
    private static let newTimeNamespace: UInt32 = 0x80

    private static let namespaces = [
        SystemCallRule(x86: 56, arm: 220, .anyBit(namespaceFlags, argument: 0)),  // clone
        // Its flags lie in memory, which a filter cannot read. Where it does not exist, libc calls `clone`.
        SystemCallRule(435, error: ENOSYS),  // clone3
        SystemCallRule(x86: 272, arm: 97, .anyBit(namespaceFlags | newTimeNamespace, argument: 0)),  // unshare
        SystemCallRule(x86: 308, arm: 268),  // setns
    ]

    private static let mounts = [
        SystemCallRule(x86: 165, arm: 40),  // mount
        SystemCallRule(x86: 166, arm: 39),  // umount2
        SystemCallRule(x86: 155, arm: 41),  // pivot_root
        SystemCallRule(x86: 161, arm: 51),  // chroot
        SystemCallRule(428),  // open_tree
        SystemCallRule(429),  // move_mount
        SystemCallRule(430),  // fsopen
        SystemCallRule(431),  // fsconfig
        SystemCallRule(432),  // fsmount
        SystemCallRule(433),  // fspick
        SystemCallRule(442),  // mount_setattr
        SystemCallRule(467),  // open_tree_attr
        SystemCallRule(x86: 304, arm: 265),  // open_by_handle_at
    ]

    /// The keyrings that a command inherits are those of the service.
    private static let keys = [
        SystemCallRule(x86: 248, arm: 217),  // add_key
        SystemCallRule(x86: 249, arm: 218),  // request_key
        SystemCallRule(x86: 250, arm: 219),  // keyctl
    ]

    private static let otherProcesses = [
        // PTRACE_ATTACH and PTRACE_SEIZE. A child may still ask to be traced, so debuggers run what they start.
        SystemCallRule(x86: 101, arm: 117, .among([16, 0x4206], argument: 0)),
        SystemCallRule(x86: 310, arm: 270),  // process_vm_readv
        SystemCallRule(x86: 311, arm: 271),  // process_vm_writev
        SystemCallRule(x86: 312, arm: 272),  // kcmp
        SystemCallRule(438),  // pidfd_getfd
        SystemCallRule(440),  // process_madvise
    ]

    private static let kernelInterfaces = [
        SystemCallRule(425),  // io_uring_setup
        SystemCallRule(426),  // io_uring_enter
        SystemCallRule(427),  // io_uring_register
        SystemCallRule(x86: 321, arm: 280),  // bpf
        SystemCallRule(x86: 323, arm: 282),  // userfaultfd
        SystemCallRule(x86: 298, arm: 241),  // perf_event_open
        SystemCallRule(x86: 300, arm: 262),  // fanotify_init
        SystemCallRule(x86: 103, arm: 116),  // syslog, the kernel's log
    ]

    private static let machine = [
        SystemCallRule(x86: 246, arm: 104),  // kexec_load
        SystemCallRule(x86: 320, arm: 294),  // kexec_file_load
        SystemCallRule(x86: 174, arm: nil),  // create_module
        SystemCallRule(x86: 175, arm: 105),  // init_module
        SystemCallRule(x86: 313, arm: 273),  // finit_module
        SystemCallRule(x86: 176, arm: 106),  // delete_module
        SystemCallRule(x86: 167, arm: 224),  // swapon
        SystemCallRule(x86: 168, arm: 225),  // swapoff
        SystemCallRule(x86: 169, arm: 142),  // reboot
        SystemCallRule(x86: 179, arm: 60),  // quotactl
        SystemCallRule(443),  // quotactl_fd
        SystemCallRule(x86: 163, arm: 89),  // acct
        SystemCallRule(x86: 172, arm: nil),  // iopl
        SystemCallRule(x86: 173, arm: nil),  // ioperm
        SystemCallRule(x86: 134, arm: nil),  // uselib
        SystemCallRule(x86: 156, arm: nil),  // _sysctl
        SystemCallRule(x86: 180, arm: 42),  // nfsservctl
        SystemCallRule(x86: 212, arm: 18),  // lookup_dcookie
        SystemCallRule(x86: 153, arm: 58),  // vhangup
    ]

    /// Unix, IPv4, IPv6 and netlink: these belong to the network namespace. Sockets to the hypervisor do not.
    private static let sockets = [
        SystemCallRule(x86: 41, arm: 198, .notAmong([1, 2, 10, 16], argument: 0), error: EAFNOSUPPORT)
    ]

    private static let oddities = [
        // TIOCSTI and TIOCLINUX put words into the mouth of whoever sits at a terminal.
        SystemCallRule(x86: 16, arm: 29, .among([0x5412, 0x541C], argument: 1)),  // ioctl
        // Linux itself, the question which it is, and fixed addresses, which debuggers and sanitizers ask for.
        SystemCallRule(x86: 135, arm: 92, .notAmong([0, 0xFFFF_FFFF, 0x4_0000], argument: 0)),  // personality
        SystemCallRule(447),  // memfd_secret
    ]

    /// Of shared memory of the System V kind, databases need a small piece. A namespace may have 4096 pieces.
    private static let unmappedMemory = [
        SystemCallRule(x86: 319, arm: 279, error: ENOSYS),  // memfd_create
        SystemCallRule(x86: 29, arm: 194, .above(64 << 10, argument: 1), error: ENOMEM),  // shmget
    ]
}
