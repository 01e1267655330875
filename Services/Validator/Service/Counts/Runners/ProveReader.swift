// "t/a.t .. ok", the report on files that failed, "Files=2, Tests=5,  0 wallclock secs", "Result: PASS"
struct ProveReader: TestReader {
    private var found = TestCounts()
    private var total: Int?
    /// Failures of the file that the report is about, and whether it failed as a whole.
    private var file: (failed: Int, isBroken: Bool)?
    private(set) var hasBegun = false
    private(set) var isInside = false
    private(set) var counts: TestCounts?

    mutating func take(_ line: OutputLine) -> Bool {
        hasBegun = false
        if Self.isFile(line) {
            hasBegun = !isInside
            isInside = true
        }
        guard isInside else { return false }
        if line.contains("(less ") { found.skipped += line.count(before: "skipped") ?? 0 }
        if Self.isFile(line) { return true }
        if line.contains("(Wstat: "), let failed = line.count(after: "Failed:") {
            closeFile()
            file = (failed, line.count(after: "Wstat:") != 0)
            return true
        }
        if line.starts(with: "  Parse errors:") {
            file?.isBroken = true
        } else if line.begins(with: "Files"), line.word(2, is: "Tests") {
            total = line.number(3)
        } else if line.begins(with: "Result:") {
            close()
        } else {
            return false
        }
        return true
    }

    mutating func end() { if isInside, total != nil { close() } }

    private mutating func closeFile() {
        if let file {
            // What breaks off fails although none of its tests does.
            found.errors += file.isBroken && file.failed == 0 ? 1 : 0
            found.failed += file.failed
        }
        file = nil
    }

    private mutating func close() {
        closeFile()
        if let total {
            let run = TestCounts(total: total, failures: found.failed, skipped: found.skipped)
            counts = TestCounts.sum([counts, run, TestCounts(failed: found.errors, errors: found.errors)])
        }
        (found, total, isInside) = (TestCounts(), nil, false)
    }

    // "t/a.t .. ok", "t/b.t ....... skipped: no network"
    private static func isFile(_ line: OutputLine) -> Bool {
        guard let name = line.word(0), let dots = line.word(1), dots.utf8.count > 1, dots.allSatisfy({ $0 == "." })
        else { return false }
        return name.hasSuffix(".t") || line.word(2, is: "ok", "skipped:", "Dubious") && name.contains("/")
    }
}
