import Foundation
import Glibc
import Testing
import ValidatorService

@Suite struct ReportFilesTests {
    private static let suite =
        "<testsuite name='s'><testcase name='a'/><testcase name='b'><failure/></testcase></testsuite>"

    /// Calls `body` with an empty folder, and a time before anything is written into it.
    private func withFolder(_ body: (URL, timespec) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "reports-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var start = ReportFiles.now()
        start.tv_sec -= 60
        try body(folder, start)
    }

    private func write(_ text: String, _ path: String, in folder: URL, secondsAgo: Double = 0) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        let date = Date(timeIntervalSinceNow: -secondsAgo)
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file.path)
    }

    @Test func `reports are found where runners write them, and added up for each`() throws {
        try withFolder { folder, start in
            try write(Self.suite, "app/target/surefire-reports/TEST-a.xml", in: folder)
            let other = Self.suite.replacing("name='s'", with: "name='t'")
            try write(other, "lib/target/surefire-reports/TEST-b.xml", in: folder)
            try write(other, "lib/target/surefire-reports/TEST-b-again.xml", in: folder)
            try write(Self.suite.replacing("'s'", with: "'pytest'"), "junit.xml", in: folder)
            let reports = ReportFiles.reports(in: folder.path, since: start)
            #expect(reports.map(\.runner) == ["maven", "pytest"])
            #expect(reports.first?.counts == TestCounts(passed: 2, failed: 2))
        }
    }

    @Test func `what was there before the command is not its report`() throws {
        try withFolder { folder, start in
            try write(Self.suite, "junit.xml", in: folder, secondsAgo: 120)
            #expect(ReportFiles.reports(in: folder.path, since: start).isEmpty)
        }
    }

    @Test func `links, folders of others, and what is no report are passed over`() throws {
        try withFolder { folder, start in
            try write(Self.suite, "node_modules/a/junit.xml", in: folder)
            try write("<project/>", "test-results/pom.xml", in: folder)
            try write(Self.suite, "data/sample.xml", in: folder)
            let outside = folder.appending(path: "data/sample.xml").path
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(path: "junit.xml").path, withDestinationPath: outside)
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(path: "test-results/link").path, withDestinationPath: folder.path)
            #expect(mkfifo(folder.appending(path: "test-pipe.xml").path, 0o600) == 0)
            #expect(ReportFiles.reports(in: folder.path, since: start).isEmpty)
        }
    }

    @Test func `more than can be read counts nothing`() throws {
        try withFolder { folder, start in
            try write(Self.suite, "junit.xml", in: folder)
            try write(String(repeating: " ", count: 9 << 20), "test.xml", in: folder)
            #expect(ReportFiles.reports(in: folder.path, since: start).isEmpty)
        }
    }
}
