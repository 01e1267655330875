import CommandRuns
import Contracts
import FoundationEssentials
import Foundations
import Git
import Worker

// What the base holds against the work.
extension TaskWork {
    private static let largestTest = 1 << 20
    /// How much of files of tests is read in all, in bytes. Each costs a page at least.
    private static let mostTestBytes = 32 << 20

    /// The tests of the base that the work touched, and the files that the task wants changed or gone.
    func lostTests(_ subject: ValidationSubject) async throws -> (LostTests, asked: [String]) {
        let removals = TestRemovals(context.request.task)
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
            let old = try await text(of: path, at: base, &left)
            files.append(LostTests.File(path: path, old: old, new: new, isGone: isGone))
        }
        return (LostTests(files: files, others: others), asked.sorted())
    }

    private func text(of path: String, at commit: ObjectID, _ left: inout Int) async throws -> TestText? {
        guard left > 0 else { return nil }
        let read = try await mirror.reading(commit) { files in
            try files.text(of: path, maxBytes: Self.largestTest).map { (TestText($0), $0.utf8.count) }
        }
        guard let (text, size) = read else { return nil }
        left -= size + 4096
        return text
    }

    /// What the commands count on the base without some of its files.
    func baseline(_ subject: ValidationSubject, without paths: [String]) async throws -> TestCounts? {
        try await TaskFolder.withWorkTree(context, mirror, at: base, sandbox: sandbox, repository: true) { workTree in
            // Nothing has run yet: the folders are those of the commit.
            for path in paths { try FileManager.default.removeItem(atPath: "\(workTree.directory)/\(path)") }
            let tree = ValidatedTree(workTree: workTree, head: base, sandbox: subject.prepared.sandbox)
            return try await runner(tree, mayWrite: true).count(subject.plan)
        }
    }
}
