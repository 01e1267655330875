import Foundation
import Sandbox
import Testing

private let hasPython = FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")

/// The filter in force: real calls from inside of a sandbox.
@Suite(.timeLimit(.minutes(1)), .enabled(if: hasPython, "needs /usr/bin/python3"))
struct SystemCallTests {
    private static let prelude = """
        import ctypes, errno, os, platform, signal, sys
        libc = ctypes.CDLL(None, use_errno=True)
        arm = platform.machine() == "aarch64"
        def call(x86, arm64, *arguments):
            ctypes.set_errno(0)
            number = arm64 if arm else x86
            result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) for a in arguments])
            return errno.errorcode.get(ctypes.get_errno(), "?") if result == -1 else "ok"

        """

    private func python(_ script: String) async throws -> CommandOutcome {
        var found: CommandOutcome?
        try await SandboxFixture.with { fixture in
            found = try await fixture.sandbox.run(
                .init(["/usr/bin/python3", "-c", Self.prelude + script], workTree: fixture.workTree))
        }
        return try #require(found)
    }

    @Test func `what reaches into the kernel is refused`() async throws {
        let outcome = try await python(
            """
            calls = dict(io_uring_setup=(425, 425, 8), io_uring_enter=(426, 426), io_uring_register=(427, 427),
                add_key=(248, 217), request_key=(249, 218), keyctl=(250, 219, 0, -3), bpf=(321, 280),
                userfaultfd=(323, 282), perf_event_open=(298, 241), mount=(165, 40), umount2=(166, 39),
                pivot_root=(155, 41), chroot=(161, 51), open_tree=(428, 428), fsopen=(430, 430),
                mount_setattr=(442, 442), kexec_load=(246, 104), kexec_file_load=(320, 294), init_module=(175, 105),
                finit_module=(313, 273), delete_module=(176, 106), swapon=(167, 224), reboot=(169, 142),
                quotactl=(179, 60), open_by_handle_at=(304, 265), setns=(308, 268), syslog=(103, 116, 10),
                process_vm_readv=(310, 270, os.getpid()), process_vm_writev=(311, 271, os.getpid()),
                pidfd_getfd=(438, 438), kcmp=(312, 272), fanotify_init=(300, 262), personality=(135, 92, 8),
                memfd_secret=(447, 447), TIOCSTI=(16, 29, 0, 0x5412), TIOCLINUX=(16, 29, 0, 0x541c))
            print({name: call(*c) for name, c in calls.items() if call(*c) != "EPERM"})
            print(call(435, 435), call(470, 470), call(0x40000027, 470))
            """)
        #expect(outcome.output == "{}\nENOSYS ENOSYS ENOSYS\n")
    }

    @Test func `no call makes a namespace`() async throws {
        let outcome = try await python(
            """
            flags = [0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000]
            print({call(272, 97, flag) for flag in flags + [0x80]}, {call(56, 220, flag | 17, 0, 0, 0, 0) for flag in flags})
            print(call(272, 97, 0x400))
            """)
        #expect(outcome.output == "{'EPERM'} {'EPERM'}\nok\n")
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("unshare --user true; unshare --user --map-root-user id")
            #expect(outcome.output.components(separatedBy: "Operation not permitted").count == 3, "\(outcome.output)")
        }
    }

    @Test func `a debugger runs its own child and attaches to nobody`() async throws {
        let outcome = try await python(
            """
            child = os.fork()
            if child == 0:
                call(101, 117, 0, 0, 0, 0)
                os.kill(os.getpid(), signal.SIGSTOP)
                os._exit(7)
            stopped = os.waitpid(child, 0)[1]
            print(os.WIFSTOPPED(stopped), call(101, 117, 7, child, 0, 0), os.WEXITSTATUS(os.waitpid(child, 0)[1]))
            other = os.fork()
            if other == 0:
                signal.pause()
            print(call(101, 117, 16, other, 0, 0), call(101, 117, 0x4206, other, 0, 0), call(101, 117, 16, 1, 0, 0))
            os.kill(other, signal.SIGKILL)
            """)
        #expect(outcome.output == "True ok 7\nEPERM EPERM EPERM\n")
    }

    @Test func `keys of the host are out of sight`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("wc -c < /proc/keys; wc -c < /proc/key-users; cat /proc/keys")
            #expect(!outcome.output.contains("keyring"), "\(outcome.output)")
            #expect(outcome.exitCode != 0 || outcome.output == "0\n0\n")
        }
    }

    @Test func `sockets reach no hypervisor and no kernel interface`() async throws {
        let outcome = try await python(
            """
            import socket
            def family(number):
                try: socket.socket(number, socket.SOCK_STREAM if number != 38 else socket.SOCK_SEQPACKET); return "ok"
                except OSError as error: return errno.errorcode[error.errno]
            print(family(1), family(2), family(40), family(38))
            """)
        #expect(outcome.output == "ok ok EAFNOSUPPORT EAFNOSUPPORT\n")
    }

    #if arch(x86_64)
    @Test func `system calls of the 32-bit kind end the process`() async throws {
        let outcome = try await python(
            """
            import mmap
            page = mmap.mmap(-1, 4096, prot=7)
            page.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))  # mov eax, 20; int 0x80; ret
            print("begins", flush=True)
            ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
            """)
        #expect(outcome.output == "begins\n")
        #expect(outcome.exitCode == 128 + SIGSYS)
    }
    #endif

    @Test func `the filter holds from the first process on and leaves no descriptor behind`() async throws {
        try await SandboxFixture.with { fixture in
            let outcome = try await fixture.shell("grep -h ^Seccomp: /proc/[0-9]*/status | sort -u; ls /proc/self/fd")
            #expect(outcome.output == "Seccomp:\t2\n0\n1\n2\n3\n", "\(outcome.output)")
            let input = try await fixture.shell("readlink /proc/self/fd/0; cat")
            #expect(input.output == "/dev/null\n")
        }
    }
}
