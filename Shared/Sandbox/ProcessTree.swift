import Foundations
import Glibc
import SystemPackage

/// A process and all that it started, as `/proc` tells. Whatever a sandbox holds stays below its first process: that of
/// its namespace takes up orphans.
struct ProcessTree {
    /// More are not looked at.
    private static let most = 100_000

    /// Whether this kernel tells the children of a process.
    static var isReadable: Bool { access("/proc/self/task/\(getpid())/children", R_OK) == 0 }

    let members: [Int32]

    init(below root: Int32) {
        var found = [root]
        var next = 0
        while next < found.count, found.count < Self.most {
            found += Self.children(of: found[next])
            next += 1
        }
        members = found
    }

    /// Bytes of memory that the tree uses. What processes share counts once, but that costs the kernel a walk through
    /// their memory: it is asked only if they hold more than `limit` when each of them counts alone.
    func residentBytes(limit: Int) -> Int {
        let alone = Self.sum(members.map(Self.residentBytes))
        guard alone > limit else { return alone }
        return Self.sum(members.map { Self.proportionalBytes($0) ?? Self.residentBytes($0) })
    }

    private static func sum(_ numbers: [Int]) -> Int {
        numbers.reduce(0) { total, number in
            let (sum, overflow) = total.addingReportingOverflow(number)
            return overflow ? .max : sum
        }
    }

    private static func children(of process: Int32) -> [Int32] {
        threads(of: process).flatMap { thread in
            text("/proc/\(process)/task/\(thread)/children").split(separator: " ").compactMap { Int32($0) }
        }
    }

    private static func threads(of process: Int32) -> [Int32] {
        guard let folder = opendir("/proc/\(process)/task") else { return [] }
        defer { closedir(folder) }
        var found: [Int32] = []
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if let thread = Int32(name) { found.append(thread) }
        }
        return found
    }

    private static func residentBytes(_ process: Int32) -> Int {
        let fields = text("/proc/\(process)/statm").split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else { return 0 }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func proportionalBytes(_ process: Int32) -> Int? {
        for line in text("/proc/\(process)/smaps_rollup").split(separator: "\n") where line.hasPrefix("Pss:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
        }
        return nil
    }

    /// Empty if the process has ended.
    private static func text(_ path: String) -> String {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec) else { return "" }
        defer { try? file.close() }
        return String(decoding: (try? file.bytes(upTo: 1 << 20)) ?? [], as: UTF8.self)
    }
}
