import Contracts
import Foundations
import Git

// What the base holds against the work.
extension TaskValidation {
    private static let largestTest = 1 << 20
    /// How much of files of tests is read in all, in bytes. Each costs a page at least.
    private static let mostTestBytes = 32 << 20

    /// What the commands do not tell by themselves: that tests of the base are missing.
    func judged(_ run: ValidationRun, of subject: ValidationSubject) async throws -> ValidationRun {
        var run = run
        let (lost, asked) = try await lostTests(subject)
        for issue in lost.issues { run.fail(issue) }
        run.result.issues += lost.notes
        guard run.result.success, subject.isCountable(run.counts) else { return run }
        let key = Baselines.Key(
            tree: subject.baseTree.text, without: asked, commands: subject.plan.commands.map(\.text),
            setup: subject.prepared.digest)
        let before = try await baselines.counts(key) { try await baseline(subject, without: asked) }
        for issue in lost.issues(base: before, head: run.counts) { run.fail(issue) }
        return run
    }

    /// The tests of the base that the work touched, and the files that the task wants changed or gone.
    private func lostTests(_ subject: ValidationSubject) async throws -> (LostTests, asked: [String]) {
        let removals = TestRemovals(task.request.task)
        var (files, others, asked): ([LostTests.File], [TestText], [String]) = ([], [], [])
        var left = Self.mostTestBytes
        for file in subject.changes.files {
            let path = file.oldPath ?? file.path
            let wasTest = file.status != .added && TestFile.isTest(path)
            let isAsked = file.status != .added && removals.ask(for: path)
            // Also what is no file of tests may have held some, or have been what they read.
            if isAsked, wasTest || file.status == .deleted { asked.append(path) }
            let isGone = [.deleted, .typeChanged].contains(file.status) || !TestFile.isTest(file.path)
            let new = isGone ? nil : try await text(of: file.path, at: subject.head, &left)
            guard wasTest, !isAsked else {
                others += [new].compactMap(\.self)
                continue
            }
            let old = try await text(of: path, at: task.base, &left)
            files.append(LostTests.File(path: path, old: old, new: new, isGone: isGone))
        }
        return (LostTests(files: files, others: others), asked.sorted())
    }

    /// Which of files that cannot be read could not be read on the base either.
    func brokenOnBase(_ broken: [SyntaxPlan.Batch], of subject: ValidationSubject) async throws -> Set<String> {
        let old = broken.filter { !$0.onBase.files.isEmpty }
        guard !old.isEmpty else { return [] }
        return try await subject.prepared.withTree(at: task.base) { tree in
            let runner = runner(tree, mayWrite: false)
            var known: Set<String> = []
            for batch in old {
                if try await runner.isBroken(batch.onBase) { known.formUnion(batch.files.map(\.path)) }
            }
            return known
        }
    }

    private func text(of path: String, at commit: ObjectID, _ left: inout Int) async throws -> TestText? {
        guard left > 0, let read = try await repository.test(at: path, of: commit, maxBytes: Self.largestTest)
        else { return nil }
        left -= read.bytes + 4096
        return read.text
    }

    /// What the commands count on the base without some of its files.
    private func baseline(_ subject: ValidationSubject, without paths: [String]) async throws -> TestCounts? {
        guard !subject.plan.commands.isEmpty else { return nil }
        return try await subject.prepared.withTree(at: task.base) { tree in
            try tree.remove(paths)
            return try await runner(tree, mayWrite: true).count(subject.plan)
        }
    }
}
