import Git

/// What a validation reads of the task's repository.
protocol ValidatedRepository: Sendable {
    func tree(of commit: ObjectID) async throws -> ObjectID

    func diff(from old: ObjectID, to new: ObjectID, maxBytes: Int) async throws -> DiffSummary

    /// The files of a commit, with the texts of the root and of the folders above `touched`.
    func files(of commit: ObjectID, touched: [String]) async throws -> ProjectFiles

    /// What a file of tests says, and its size; `nil` if there is none, or if it is larger than anybody writes by hand.
    func test(at path: String, of commit: ObjectID, maxBytes: Int) async throws -> (text: TestText, bytes: Int)?

    /// Of changed files those that are plain files, with what tells how they are checked.
    func sources(of files: [DiffSummary.File], at commit: ObjectID) async throws -> [SourceFile]

    /// A commit of the files of `base`, with those of `head` at `paths` in their place or beside them.
    func commit(of base: ObjectID, taking paths: Set<String>, from head: ObjectID) async throws -> ObjectID
}

extension Mirror: ValidatedRepository {
    func files(of commit: ObjectID, touched: [String]) async throws -> ProjectFiles {
        try await reading(commit) { try ProjectFiles(of: $0, touched: touched) }
    }

    func test(at path: String, of commit: ObjectID, maxBytes: Int) async throws -> (text: TestText, bytes: Int)? {
        try await reading(commit) { files in
            try files.text(of: path, maxBytes: maxBytes).map { (TestText($0), $0.utf8.count) }
        }
    }
}
