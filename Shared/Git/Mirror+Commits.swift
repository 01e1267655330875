import CGit2
import FoundationEssentials
import Foundations

// Writing and comparing commits, in process.
extension Mirror {
    /// Stores a commit. The same arguments give the same commit everywhere; the date counts in whole seconds, UTC.
    ///
    /// - Parameter committer: `nil` for the author.
    package func commit(
        tree: ObjectID, parents: [ObjectID], message: String, author: Author = .automata, committer: Author? = nil,
        date: Date
    ) async throws -> ObjectID {
        try await perform { _ in
            try self.objects.withRepository {
                try Self.commit(
                    tree: tree, parents: parents, message: message, author: author, committer: committer, date: date,
                    in: $0)
            }
        }
    }

    static func commit(
        tree: ObjectID, parents: [ObjectID], message: String, author: Author, committer: Author? = nil, date: Date,
        in repository: OpaquePointer
    ) throws -> ObjectID {
        var treeID = tree.raw
        let root = try Handle("cannot read tree \(tree)", free: git_tree_free) {
            git_tree_lookup($0, repository, &treeID)
        }
        let ancestors = try parents.map { try Commit($0, in: repository) }
        var pointers = ancestors.map { Optional($0.raw) }
        let (author, committer) = (
            try Signature(author, date: date), try Signature(committer ?? author, date: date)
        )
        var oid = git_oid()
        let text = Self.normalized(message)
        try git("cannot commit") {
            withExtendedLifetime((ancestors, author, committer)) {
                git_commit_create(
                    &oid, repository, nil, author.raw, committer.raw, nil, text, root.raw, pointers.count, &pointers)
            }
        }
        return ObjectID(oid)
    }

    /// What changed from one commit to another, renames found; the patch up to `maxBytes` bytes.
    package func diff(from old: ObjectID, to new: ObjectID, maxBytes: Int) async throws -> DiffSummary {
        try await perform { interruption in
            for commit in [old, new] { try self.require(commit, interruption) }
            return try self.objects.withRepository {
                try DiffReader.summary(from: old, to: new, maxBytes: maxBytes, in: $0, interruption)
            }
        }
    }

    /// Without what git forbids or strips: no NUL, no space at line ends, one newline at the end.
    private static func normalized(_ message: String) -> String {
        let lines = message.replacing("\r\n", with: "\n").split(
            separator: "\n", omittingEmptySubsequences: false)
        let clean = lines.map { line in
            let scalars = line.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 || $0 == "\t" }
            return String(String.UnicodeScalarView(scalars)).replacing(/\s+$/, with: "")
        }
        let text = clean.joined(separator: "\n").trimming { Character($0).isNewline }
        return (text.isEmpty ? "Update" : text) + "\n"
    }

    /// A parent, kept while the commit is made.
    private final class Commit {
        let raw: OpaquePointer

        init(_ id: ObjectID, in repository: OpaquePointer) throws {
            var oid = id.raw
            var pointer: OpaquePointer?
            try git("cannot read commit \(id)") { git_commit_lookup(&pointer, repository, &oid) }
            guard let pointer else { throw GitError(.objectNotFound, "commit \(id) is not here") }
            raw = pointer
        }

        deinit { git_commit_free(raw) }
    }

    private final class Signature {
        let raw: UnsafeMutablePointer<git_signature>

        init(_ author: Author, date: Date) throws {
            var pointer: UnsafeMutablePointer<git_signature>?
            let seconds = git_time_t(date.timeIntervalSince1970.rounded(.down))
            try git("cannot sign a commit") {
                git_signature_new(&pointer, Self.plain(author.name), Self.plain(author.email), seconds, 0)
            }
            guard let pointer else { throw GitError(.other, "cannot sign a commit") }
            raw = pointer
        }

        deinit { git_signature_free(raw) }

        /// Without what would end a field of a commit.
        private static func plain(_ text: String) -> String {
            let scalars = text.unicodeScalars.filter { $0.value >= 32 && $0 != "<" && $0 != ">" }
            let name = String(String.UnicodeScalarView(scalars)).trimmed
            return name.isEmpty ? "unknown" : name
        }
    }
}
