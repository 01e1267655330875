import Glibc
import Testing

@testable import Sandbox

/// The filter, run by a machine of our own: on both architectures, wherever the tests run.
struct FilterTests {
    private static func machine(_ architecture: Architecture, watched: Bool = true) -> FilterMachine {
        FilterMachine(program: SystemCallFilter.instructions(for: architecture, boundsUnmappedMemory: watched))
    }

    private static func verdict(
        _ architecture: Architecture, _ number: UInt32, _ arguments: UInt64..., watched: Bool = true
    ) -> FilterMachine.Verdict {
        machine(architecture, watched: watched).verdict(number, arguments, architecture: architecture.auditCode)
    }

    @Test(arguments: Architecture.allCases)
    func `each number leads to a verdict, most of them to yes`(architecture: Architecture) {
        let verdicts = (0...SystemCallFilter.newest).map { Self.verdict(architecture, $0) }
        #expect(!verdicts.contains(.broken))
        #expect(!verdicts.contains(.killed))
        #expect(verdicts.filter { $0 != .allowed }.count < 70)
    }

    @Test func `ordinary calls are allowed on both architectures`() {
        // read, write, openat, mmap, execve, clone for a thread and for fork, futex, exit_group, prlimit64
        for number: UInt32 in [0, 1, 257, 9, 59, 202, 231, 302] { #expect(Self.verdict(.x86, number) == .allowed) }
        for number: UInt32 in [63, 64, 56, 222, 221, 98, 94, 261] { #expect(Self.verdict(.arm, number) == .allowed) }
        for (architecture, clone) in [(Architecture.x86, UInt32(56)), (.arm, 220)] {
            #expect(Self.verdict(architecture, clone, 0x3D0F00) == .allowed)
            #expect(Self.verdict(architecture, clone, 0x1200011) == .allowed)
        }
    }

    @Test(arguments: [0x2_0000, 0x80, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000])
    func `no flag makes a namespace`(flag: UInt64) {
        for (architecture, clone, unshare) in [(Architecture.x86, UInt32(56), UInt32(272)), (.arm, 220, 97)] {
            if flag != 0x80 { #expect(Self.verdict(architecture, clone, flag | 17) == .refused(EPERM)) }
            #expect(Self.verdict(architecture, unshare, flag) == .refused(EPERM))
            #expect(Self.verdict(architecture, unshare, flag | 1 << 40) == .refused(EPERM))
            #expect(Self.verdict(architecture, 435) == .refused(ENOSYS))
        }
    }

    @Test func `what is newer than the table does not exist`() {
        for architecture in Architecture.allCases {
            for number: UInt32 in [470, 512, 1000, 0x4000_0000, 0x4000_0001, 0xFFFF_FFFF] {
                #expect(Self.verdict(architecture, number) == .refused(ENOSYS))
            }
        }
    }

    @Test(arguments: [UInt32(0x4000_0003), 0x4000_0028, 0, 0xC000_00F3])
    func `a foreign architecture ends the process`(code: UInt32) {
        for architecture in Architecture.allCases {
            #expect(Self.machine(architecture).verdict(1, architecture: code) == .killed)
        }
    }

    @Test func `a parent traces a child that asks for it, and attaches to nobody`() {
        for (architecture, ptrace) in [(Architecture.x86, UInt32(101)), (.arm, 117)] {
            for request: UInt64 in [0, 1, 7, 17, 0x4200] {
                #expect(Self.verdict(architecture, ptrace, request) == .allowed)
            }
            for request: UInt64 in [16, 0x4206] {
                #expect(Self.verdict(architecture, ptrace, request) == .refused(EPERM))
            }
        }
    }

    @Test func `sockets are those of the network namespace`() {
        for (architecture, socket) in [(Architecture.x86, UInt32(41)), (.arm, 198)] {
            for family: UInt64 in [1, 2, 10, 16] { #expect(Self.verdict(architecture, socket, family) == .allowed) }
            for family: UInt64 in [0, 15, 17, 29, 38, 40, 44] {
                #expect(Self.verdict(architecture, socket, family) == .refused(EAFNOSUPPORT))
            }
        }
    }

    @Test func `memory that nobody maps is refused only where nothing counts it`() {
        for (architecture, memfd, shmget) in [(Architecture.x86, UInt32(319), UInt32(29)), (.arm, 279, 194)] {
            #expect(Self.verdict(architecture, memfd) == .refused(ENOSYS))
            #expect(Self.verdict(architecture, memfd, watched: false) == .allowed)
            #expect(Self.verdict(architecture, shmget, 0, 56) == .allowed)
            #expect(Self.verdict(architecture, shmget, 0, (64 << 10) + 1) == .refused(ENOMEM))
            #expect(Self.verdict(architecture, shmget, 0, 1 << 32) == .refused(ENOMEM))
            #expect(Self.verdict(architecture, shmget, 0, 1 << 32, watched: false) == .allowed)
        }
    }

    @Test func `the program fits into a pipe's smallest buffer`() {
        for architecture in Architecture.allCases {
            let bytes = SystemCallFilter.bytes(for: architecture, boundsUnmappedMemory: true)
            #expect(bytes.count % FilterInstruction.size == 0)
            #expect(bytes.count <= 4096)
        }
    }
}
