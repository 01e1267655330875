import Foundations
import Glibc

extension ProcessTree {
    /// What the files on the disk `device` take that the processes hold open and that no folder names any more, in
    /// bytes: no walk of a folder comes upon them. Processes that cannot be looked at count nothing.
    func unlinkedBytes(on device: dev_t) -> Int {
        var seen: Set<ino_t> = []
        var bytes = 0
        for process in members {
            guard let files = try? OpenFolder("/proc/\(process)/fd", access: .lent) else { continue }
            _ = try? files.forEach { name, _ in
                var info = stat()
                if fstatat(files.descriptor, name, &info, 0) == 0, info.st_mode & S_IFMT == S_IFREG,
                    info.st_nlink == 0, info.st_dev == device, seen.insert(info.st_ino).inserted
                {
                    bytes += Int(info.st_blocks) * 512
                }
                return true
            }
        }
        return bytes
    }
}
