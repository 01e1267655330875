/// What changed between two commits.
package struct DiffSummary: Sendable, Hashable {
    /// How a file changed.
    package enum Status: String, Sendable, Hashable, Codable {
        case added, modified, deleted, renamed, typeChanged
    }

    /// One changed file.
    package struct File: Sendable, Hashable {
        /// The path after the change; of a deleted file, the path before.
        package let path: String
        /// The path before the change, if it differs.
        package let oldPath: String?
        package let status: Status
        /// Lines added; 0 for a binary file.
        package let insertions: Int
        /// Lines removed; 0 for a binary file.
        package let deletions: Int
    }

    package let files: [File]
    package let insertions: Int
    package let deletions: Int
    /// The unified diff, whole files only as far as the limit reaches; the first file may be cut.
    package let patch: String
    /// Whether ``patch`` leaves something out.
    package let isTruncated: Bool
}
