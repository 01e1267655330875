import CGit2
import Glibc

/// What the file system says about a file without reading it. The same state means the same content.
struct FileState: Equatable {
    private var changed = git_index_time()
    private var modified = git_index_time()
    private var inode: UInt32 = 0
    private var size: UInt32 = 0
    private var device: UInt32 = 0
    private var user: UInt32 = 0
    private var group: UInt32 = 0

    /// A state that no file has: its content is read again next time.
    static let unknown = FileState()

    private init() {}

    /// The state of a file that was read after the time `start` of the file system's clock.
    ///
    /// A change within the same tick of that clock would leave the same times: then the state is unknown.
    init(_ info: stat, since start: timespec) {
        let time = info.st_ctim
        let isSettled = time.tv_sec < start.tv_sec || (time.tv_sec == start.tv_sec && time.tv_nsec < start.tv_nsec)
        self = isSettled ? FileState(info) : .unknown
    }

    init(_ info: stat) {
        changed = Self.time(info.st_ctim)
        modified = Self.time(info.st_mtim)
        inode = UInt32(truncatingIfNeeded: info.st_ino)
        size = UInt32(truncatingIfNeeded: info.st_size)
        device = UInt32(truncatingIfNeeded: info.st_dev)
        user = info.st_uid
        group = info.st_gid
    }

    /// Whether `entry` was recorded in this state, apart from the owner.
    func matches(_ entry: git_index_entry) -> Bool {
        Self.equal(entry.ctime, changed) && Self.equal(entry.mtime, modified) && entry.ino == inode
            && entry.file_size == size
    }

    func fill(_ entry: inout git_index_entry) {
        entry.ctime = changed
        entry.mtime = modified
        entry.ino = inode
        entry.file_size = size
        entry.dev = device
        entry.uid = user
        entry.gid = group
    }

    /// The clock that the kernel stamps files with.
    static func now() -> timespec {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        return now
    }

    private static func time(_ time: timespec) -> git_index_time {
        git_index_time(
            seconds: Int32(truncatingIfNeeded: time.tv_sec), nanoseconds: UInt32(truncatingIfNeeded: time.tv_nsec))
    }

    private static func equal(_ one: git_index_time, _ other: git_index_time) -> Bool {
        one.seconds == other.seconds && one.nanoseconds == other.nanoseconds
    }

    static func == (one: FileState, other: FileState) -> Bool {
        equal(one.changed, other.changed) && equal(one.modified, other.modified) && one.inode == other.inode
            && one.size == other.size
    }
}
