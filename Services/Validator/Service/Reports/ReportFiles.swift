import Foundations
import Glibc

/// Looks for reports of tests that a command wrote into its work tree.
///
/// A command can write anything: only plain files are read, no link is followed, and there are bounds for all.
package struct ReportFiles {
    private static let mostEntries = 50_000
    private static let mostReports = 2000
    private static let largest = 8 << 20
    private static let mostBytes = 32 << 20
    private static let deepest = 24
    /// Folders that hold what others wrote.
    private static let foreign: Set<String> = [
        ".git", "node_modules", ".venv", "venv", "site-packages", "vendor", "Pods", ".cargo", ".m2", "__pycache__",
    ]
    /// Folders, and parts of names of files, where reports are.
    private static let folders: Set<String> = [
        "surefire-reports", "failsafe-reports", "test-results", "TestResults", "test-reports", "test_reports",
        "reports",
        "junit", "junitreports",
    ]
    private static let stems = ["junit", "test", "report", "result", "xunit"]

    private let start: timespec
    private var entries = 0
    private var bytes = 0
    private var reports: [String: TestReport] = [:]
    private var suites: Set<Int> = []
    private var count = 0

    /// The time as the files of a work tree tell it.
    package static func now() -> timespec {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &now)
        return now
    }

    /// What reports that were written since `start` tell, a value for each runner; nothing if there are too many to read.
    /// Blocking.
    package static func reports(in directory: String, since start: timespec) -> [TestReport] {
        var files = ReportFiles(start: start)
        let walk = TreeWalk(access: .lent, deepest: deepest, isLenient: true)
        guard (try? walk.run(directory) { files.look(at: $0) }) != false else { return [] }
        return files.reports.values.sorted { $0.runner < $1.runner }
    }

    private init(start: timespec) { self.start = start }

    private mutating func look(at entry: TreeWalk.Entry) -> TreeWalk.Step {
        entries += 1
        guard entries <= Self.mostEntries else { return .end }
        let name = String(cString: entry.name)
        switch entry.info.st_mode & S_IFMT {
        case S_IFDIR: return Self.foreign.contains(name) ? .past : .on
        case S_IFREG where isNew(entry.info) && Self.mayReport(name, in: entry.prefix): return read(entry) ? .on : .end
        default: return .on
        }
    }

    private func isNew(_ info: stat) -> Bool {
        (info.st_mtim.tv_sec, info.st_mtim.tv_nsec) > (start.tv_sec, start.tv_nsec)
    }

    private static func mayReport(_ name: String, in path: String) -> Bool {
        let name = name.lowercased()
        guard name.hasSuffix(".xml") else { return name.hasSuffix(".trx") }
        // Ant's sum of the others.
        guard name != "tests-testsuites.xml" else { return false }
        return stems.contains(where: name.contains)
            || path.split(separator: "/").contains { folders.contains(String($0)) }
    }

    /// Returns whether there is room for more.
    private mutating func read(_ entry: TreeWalk.Entry) -> Bool {
        let size = Int(clamping: entry.info.st_size)
        count += 1
        bytes += size
        guard count <= Self.mostReports, size <= Self.largest, bytes <= Self.mostBytes else { return false }
        guard let content = try? entry.folder.bytes(of: entry.name, upTo: Self.largest) else { return true }
        // Some tools write the same report at two places.
        guard suites.insert(content.hashValue).inserted,
            let report = TestReport(String(decoding: content, as: UTF8.self), path: entry.path)
        else { return true }
        add(report)
        return true
    }

    private mutating func add(_ report: TestReport) {
        guard var sum = reports[report.runner] else { return reports[report.runner] = report }
        sum.counts = sum.counts + report.counts
        sum.failing += report.failing
        reports[report.runner] = sum
    }
}
