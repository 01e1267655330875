import Foundation
import Testing

@testable import Sandbox

struct ControlGroupTests {
    private static let mount = "31 24 0:27 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"

    @Test(arguments: [
        ("0::/\n", "/sys/fs/cgroup"),
        ("0::/system.slice/automata-coder.service\n", "/sys/fs/cgroup/system.slice/automata-coder.service"),
        ("5:memory:/x\n0::/y\n", "/sys/fs/cgroup/y"),
        ("0::/../outside\n", nil), ("5:memory:/x\n", nil), ("", nil),
    ])
    func `the group of this process is found`(membership: String, folder: String?) {
        #expect(
            ControlGroups.ownFolder(mounts: "1 0 8:1 / / rw - ext4 x rw\n" + Self.mount, membership: membership)
                == folder)
        #expect(ControlGroups.ownFolder(mounts: "", membership: membership) == nil)
    }

    @Test func `a mount of a part of the tree shows that part`() {
        let mounts = "31 24 0:27 /docker/abc /cg rw - cgroup2 cgroup2 rw\n"
        #expect(ControlGroups.ownFolder(mounts: mounts, membership: "0::/docker/abc/x\n") == "/cg/x")
        #expect(ControlGroups.ownFolder(mounts: mounts, membership: "0::/docker/abc\n") == "/cg")
        #expect(ControlGroups.ownFolder(mounts: mounts, membership: "0::/docker/abcd\n") == nil)
    }

    @Test func `a tree that cannot be used is no tree`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "cgroups-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let mounts = "31 24 0:27 / \(folder) rw - cgroup2 cgroup2 rw\n"
        #expect(ControlGroups.find(mounts: mounts, membership: "0::/\n") == nil)
        #expect(ControlGroups.find(mounts: mounts, membership: "0::/no/such\n") == nil)
    }
}
