import Contracts
import Git

// What `validation.require_tests` asks of a change that passes.
extension TaskValidation {
    /// The run, with what is missing of tests of the change.
    func tested(_ run: ValidationRun, of subject: ValidationSubject) async throws -> ValidationRun {
        let required = RequiredTests(subject.changes)
        guard task.request.validation.requireTests, run.result.success, required.areDue else { return run }
        var run = run
        guard !subject.plan.commands.isEmpty else {
            run.fail(required.nothingRuns)
            return run
        }
        guard let trial = try await self.trial(required, on: subject) else {
            run.result.issues.append(RequiredTests.untried)
            return run
        }
        guard let issue = required.issue(after: trial) else { return run }
        // Tests that stand in the code itself cannot be run without it.
        if try await holdsTests(required.sources, of: subject) {
            run.result.issues.append(RequiredTests.untried)
        } else {
            run.fail(issue)
        }
        return run
    }

    /// What the commands come to on the base with the tests of the change; `nil` where they cannot be brought together.
    private func trial(_ required: RequiredTests, on subject: ValidationSubject) async throws -> ValidationTrial? {
        let commit: ObjectID
        do {
            commit = try await repository.commit(of: task.base, taking: Set(required.tests), from: subject.head)
        } catch is GitError { return nil }
        let present = Set(try await repository.files(of: commit, touched: []).paths)
        return try await subject.prepared.withTree(at: commit) { tree in
            try tree.remove(required.gone.filter(present.contains).sorted())
            return try await runner(tree, mayWrite: true).trial(subject.plan)
        }
    }

    /// Whether one of the files declares more tests than on the base.
    private func holdsTests(_ paths: [String], of subject: ValidationSubject) async throws -> Bool {
        for path in paths where TestFile.mayHoldTests(path) {
            let new = try await repository.test(at: path, of: subject.head, maxBytes: SourceFile.mostBytes)
            let old = try await repository.test(at: path, of: task.base, maxBytes: SourceFile.mostBytes)
            if (new?.text.tests ?? 0) > (old?.text.tests ?? 0) { return true }
        }
        return false
    }
}
