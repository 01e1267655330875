import Contracts
import Foundations
import Sandbox

// The syntax of changed files, before anything runs.
extension ValidationRunner {
    /// What a look at the files of one language may take, and what one at a file alone.
    private static let longestLook: Duration = .seconds(60)
    private static let longestLookAtOne: Duration = .seconds(10)
    private static let looking = SandboxLimits(keptOutputBytes: 8 << 10)

    func checkSyntax(_ plan: SyntaxPlan, _ run: inout ValidationRun) async throws {
        run.result.issues += plan.notes
        for batch in plan.batches { try await check(batch, &run) }
    }

    /// Whether one of the files cannot be read.
    package func isBroken(_ batch: SyntaxPlan.Batch) async throws -> Bool {
        SyntaxVerdict(try await look(batch, Self.longestLookAtOne)) == .broken
    }

    private func check(_ batch: SyntaxPlan.Batch, _ run: inout ValidationRun) async throws {
        let outcome = try await look(batch, Self.longestLook)
        switch SyntaxVerdict(outcome) {
        case .sound: run.noteCheck(batch, outcome)
        case .absent: run.noteUnchecked(batch, "`\(batch.checker.program)` is not installed on the validator")
        case .unknown where outcome.interruption != nil: run.noteUnchecked(batch, "it took too much")
        case .broken, .unknown:
            try await checkEach(of: batch, batch.files.count == 1 ? outcome : nil, &run)
        }
    }

    /// Finds the files that cannot be read, by looking at each alone: what is printed is for the file to choose.
    ///
    /// - Parameter known: What the look at the only one gave.
    private func checkEach(
        of batch: SyntaxPlan.Batch, _ known: CommandOutcome?, _ run: inout ValidationRun
    ) async throws {
        var (sound, unknown): ([SourceFile], [SourceFile]) = ([], [])
        let end = ContinuousClock.now + Self.longestLook
        for file in batch.files {
            guard ContinuousClock.now < end else {
                unknown.append(file)
                continue
            }
            let alone = batch.with([file])
            let outcome: CommandOutcome
            if let known { outcome = known } else { outcome = try await look(alone, Self.longestLookAtOne) }
            switch SyntaxVerdict(outcome) {
            case .sound: sound.append(file)
            case .broken: run.noteBroken(alone, outcome)
            case .absent, .unknown: unknown.append(file)
            }
        }
        // What is recorded of the others is one command, as of all.
        let rest = batch.with(sound)
        if !sound.isEmpty {
            let outcome = try await look(rest, Self.longestLook)
            if SyntaxVerdict(outcome) == .sound { run.noteCheck(rest, outcome) } else { unknown += sound }
        }
        if !unknown.isEmpty { run.noteUnchecked(batch.with(unknown), "its program could not tell") }
    }

    private func look(_ batch: SyntaxPlan.Batch, _ longest: Duration) async throws -> CommandOutcome {
        let outcome = try await sandbox.run(
            SandboxCommand(
                batch.arguments, workTree: tree.directory, timeout: min(longest, timeout), limits: Self.looking))
        progressed()
        return outcome
    }
}
