import CGit2
import FoundationEssentials
import Foundations

/// What a commit names although its content lives elsewhere.
package struct ForeignContent: Sendable, Hashable {
    /// The folders of submodules.
    package var submodules: [String] = []
    /// Files of which there are pointers alone, as their content is kept in Git LFS; not all, if there are many.
    package var largeFiles: [String] = []
    package var largeFileCount = 0

    package init() {}
}

extension Mirror {
    /// What of a commit is not in its repository: nobody fetches it.
    package func foreignContent(of commit: ObjectID) async throws -> ForeignContent {
        try await remembering(of: commit) {
            try await reading(commit) { files in
                var search = ForeignSearch(mirror: self, files: files)
                try search.look(at: files.root, under: "", nil)
                return search.found
            }
        }
    }
}

/// A walk over the folders of a commit that reads no files but what says that others are elsewhere, and the small ones
/// of which that is said.
private struct ForeignSearch {
    private static let mostNames = 20
    private static let largestAttributes = 1 << 20

    let mirror: Mirror
    let files: CommitFiles
    var found = ForeignContent()

    mutating func look(at tree: OpaquePointer, under prefix: String, _ rules: LargeFileRules?) throws {
        let entries = CommitFiles.entries(of: tree, under: prefix)
        var rules = rules
        if let own = entries.first(where: { $0.path == "\(prefix).gitattributes" && $0.kind == .file }),
            let bytes = try mirror.blob(own.id.raw, maxBytes: Self.largestAttributes)
        {
            rules = LargeFileRules(bytes, parent: rules, prefix: prefix.utf8.count)
        }
        for entry in entries {
            try files.interruption.check()
            switch entry.kind {
            case .submodule: found.submodules.append(entry.path)
            case .symbolicLink: break
            case .directory:
                let child = try files.folder(entry.id.raw)
                try look(at: child.raw, under: "\(entry.path)/", rules)
            case .file, .executable: try look(atFile: entry, rules)
            }
        }
    }

    private mutating func look(atFile entry: TreeEntry, _ rules: LargeFileRules?) throws {
        guard let rules, rules.tracks(entry.path.utf8),
            let bytes = try mirror.blob(entry.id.raw, maxBytes: LargeFilePointer.maximumBytes),
            LargeFilePointer.isPointer(bytes)
        else { return }
        found.largeFileCount += 1
        if found.largeFiles.count < Self.mostNames { found.largeFiles.append(entry.path) }
    }
}
