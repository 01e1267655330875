import Contracts
import Foundations
import Git
import Glibc
import Sandbox
import ServiceKit

/// The tree that commands run in, as far as it is compared with what it was.
package protocol WatchedTree: Sendable {
    /// Its absolute path.
    var directory: String { get }
    /// How it differs from what it was when it was made or put back.
    func changes() async throws -> TreeChanges
    /// Puts it back, but for what is ignored.
    func putBack() async throws
}

/// What commands come to on a tree that is not the work's.
package struct ValidationTrial: Sendable, Hashable {
    package let passed: Bool
    /// `nil` where that is not understood.
    package let counts: TestCounts?

    package init(passed: Bool, counts: TestCounts? = nil) {
        self.passed = passed
        self.counts = counts
    }
}

/// Runs the commands of a plan in the sandbox, one after the other, and reads what they say.
///
/// Each command finds the tree that is validated: what one of them writes must not help the next.
package struct ValidationRunner: Sendable {
    /// Reads what commands print and what files of tests say: tasks choose how long that is.
    static let reading = BlockingPool(label: "validator.reading", width: 2)
    private static let namedFiles = 20
    /// So much that the tests of large projects are counted which have a line each, the same on the base and here.
    private static let limits = SandboxLimits(keptOutputBytes: 128 << 10)

    let sandbox: any CommandRunner
    let tree: any WatchedTree
    let timeout: Duration
    private let mayWrite: Bool
    private let crashPoints: CrashPoints
    let progressed: @Sendable () -> Void

    /// - Parameters:
    ///   - mayWrite: Whether commands may change the tree: what they write is then left for the next ones, and told.
    ///   - progressed: Told after each command.
    package init(
        sandbox: any CommandRunner, tree: any WatchedTree, timeout: Duration, mayWrite: Bool = false,
        crashPoints: CrashPoints = .none, progressed: @escaping @Sendable () -> Void = {}
    ) {
        self.sandbox = sandbox
        self.tree = tree
        self.timeout = timeout
        self.mayWrite = mayWrite
        self.crashPoints = crashPoints
        self.progressed = progressed
    }

    package func run(_ plan: ValidationPlan) async throws -> ValidationRun {
        var run = ValidationRun(plan)
        try await checkSyntax(plan.syntax, &run)
        // Of what cannot be read no test tells more.
        guard run.broken.isEmpty else { return run }
        for command in plan.commands {
            if let program = command.program, try await !isInstalled(program) {
                run.noteMissing(program, of: command)
                continue
            }
            let start = ReportFiles.now()
            let outcome = try await crashPoints.around(.effect) { try await perform(command) }
            progressed()
            run.note(outcome, of: command, try await findings(of: outcome, since: start), timeout: timeout)
            do { try await compare(after: command, &run) } catch let error as GitError where error.code == .unreadable {
                run.fail("`\(command.text.clipped(200))` left what nobody can read: \(error.message)")
                break
            }
        }
        if run.result.commands.isEmpty, run.result.checks == nil {
            run.result.issues.append(ValidationRun.nothingRan)
        }
        return run
    }

    /// The tests that the commands count, or `nil` if that is not understood or a command had to be ended. Judges
    /// nothing and compares nothing.
    package func count(_ plan: ValidationPlan) async throws -> TestCounts? { try await trial(plan)?.counts }

    /// What comes of the commands where nothing is judged by it; `nil` if one had to be ended, or is not there.
    package func trial(_ plan: ValidationPlan) async throws -> ValidationTrial? {
        var (passed, sum) = (true, nil as TestCounts?)
        for command in plan.commands {
            if let program = command.program, try await !isInstalled(program) { return nil }
            let start = ReportFiles.now()
            let outcome = try await perform(command)
            progressed()
            guard outcome.interruption == nil else { return nil }
            if !outcome.succeeded { passed = false }
            sum = TestCounts.sum([sum, try await findings(of: outcome, since: start).tests.counts])
        }
        return ValidationTrial(passed: passed, counts: sum)
    }

    private func perform(_ command: ValidationPlan.Command) async throws -> CommandOutcome {
        try await sandbox.run(
            SandboxCommand(command.arguments, workTree: tree.directory, timeout: timeout, limits: Self.limits))
    }

    private func findings(of outcome: CommandOutcome, since start: timespec) async throws -> CommandFindings {
        let directory = tree.directory
        return try await Self.reading.run { CommandFindings(outcome, in: directory, since: start) }
    }

    private func isInstalled(_ program: String) async throws -> Bool {
        let probe = SandboxCommand(
            ["/bin/sh", "-c", "command -v \"$1\" >/dev/null", "sh", program], workTree: tree.directory,
            timeout: .seconds(10))
        let outcome = try await sandbox.run(probe)
        // Where even that takes too long, nothing is known, and the command itself will tell.
        return outcome.succeeded || outcome.interruption != nil
    }

    private func compare(after command: ValidationPlan.Command, _ run: inout ValidationRun) async throws {
        let changes = try await tree.changes()
        guard !changes.isEmpty else { return }
        guard !mayWrite else { return run.hasWritten = true }
        let name = "`\(command.text.clipped(200))`"
        if !changes.tracked.isEmpty {
            run.fail(
                "\(name) changed files of the tree, so what passed is not what would be pushed: "
                    + "\(Self.list(changes.tracked)). Let it leave them alone, or set validation.write to keep what it "
                    + "writes.")
        }
        if !changes.new.isEmpty {
            run.result.suggestions.append(
                "\(name) left new files, which were removed before the next command: \(Self.list(changes.new)). Name "
                    + "them in .gitignore, or join the commands with &&, if the next one needs them.")
        }
        try await tree.putBack()
    }

    private static func list(_ paths: [String]) -> String {
        let more = paths.count > namedFiles ? " and \(paths.count - namedFiles) more" : ""
        return paths.prefix(namedFiles).map { $0.clipped(200) }.joined(separator: ", ") + more
    }
}
