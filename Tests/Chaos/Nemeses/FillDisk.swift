import Foundation
import PlatformSupport
import TestSupport

/// Fills the small disks that the homes of services lie on.
struct FillDisk: Nemesis {
    let disks: [SmallDisk]
    let rest = 0.3...1.5
    let hold = 0.5...2.0

    func inject(_ random: inout SeededGenerator) async throws {
        for disk in disks where Bool.random(using: &random) { disk.fill() }
    }

    func heal() async throws { for disk in disks { disk.empty() } }
}

/// A folder that holds a few megabytes. Only root can make one.
final class SmallDisk: Sendable {
    private let path: String

    /// Mounts a file system of `megabytes` at `path`. Throws where that is not permitted.
    init(at path: String, megabytes: Int) async throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try await Program.run(["mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=755", "automata-test", path])
    }

    deinit { _ = umount2(path, Int32(MNT_DETACH)) }

    /// Whether this process may mount.
    static let isPermitted: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
        guard mount("automata-test", folder.path, "tmpfs", 0, "size=1m") == 0 else { return false }
        return umount2(folder.path, Int32(MNT_DETACH)) == 0
    }()

    /// Writes until there is no room.
    func fill() {
        let file = open("\(path)/filler", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        let block = [UInt8](repeating: 0, count: 64 << 10)
        while write(file, block, block.count) > 0 {}
    }

    func empty() { unlink("\(path)/filler") }
}
