import CGit2

/// Reads a comparison of two commits out of libgit2. Blocking.
enum DiffReader {
    /// A larger file is compared as a whole, as one that is not text.
    private static let largestText: git_off_t = 16 << 20

    static func summary(
        from old: ObjectID, to new: ObjectID, maxBytes: Int, in repository: OpaquePointer, _ interruption: Interruption
    ) throws -> DiffSummary {
        let oldTree = try Mirror.tree(of: old, in: repository)
        let newTree = try Mirror.tree(of: new, in: repository)
        var options = git_diff_options()
        git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
        options.max_size = largestText
        let diff = try Handle("cannot compare commits", free: git_diff_free) {
            git_diff_tree_to_tree($0, repository, oldTree.raw, newTree.raw, &options)
        }
        var search = git_diff_find_options()
        git_diff_find_options_init(&search, UInt32(GIT_DIFF_FIND_OPTIONS_VERSION))
        try git("cannot find renames") { git_diff_find_similar(diff.raw, &search) }

        var files: [DiffSummary.File] = []
        var patch = PatchText(limit: maxBytes)
        for index in 0..<git_diff_num_deltas(diff.raw) {
            try interruption.check()
            files.append(try file(at: index, of: diff.raw, adding: &patch))
        }
        return DiffSummary(
            files: files, insertions: files.reduce(0) { $0 + $1.insertions },
            deletions: files.reduce(0) { $0 + $1.deletions }, patch: patch.text, isTruncated: patch.isTruncated)
    }

    private static func file(
        at index: Int, of diff: OpaquePointer, adding text: inout PatchText
    ) throws -> DiffSummary.File {
        var pointer: OpaquePointer?
        try git("cannot read a change") { git_patch_from_diff(&pointer, diff, index) }
        // A binary or unchanged file may come without a patch.
        defer { git_patch_free(pointer) }
        var insertions = 0
        var deletions = 0
        if let pointer {
            try git("cannot count lines") { git_patch_line_stats(nil, &insertions, &deletions, pointer) }
            try text.append(pointer)
        }
        guard let delta = git_diff_get_delta(diff, index)?.pointee else {
            throw GitError(.other, "a change is missing")
        }
        let old = delta.old_file.path.map { String(cString: $0) } ?? ""
        let new = delta.new_file.path.map { String(cString: $0) } ?? old
        return DiffSummary.File(
            path: new, oldPath: old == new || old.isEmpty ? nil : old, status: status(delta.status),
            insertions: insertions, deletions: deletions)
    }

    private static func status(_ status: git_delta_t) -> DiffSummary.Status {
        switch status {
        case GIT_DELTA_ADDED: .added
        case GIT_DELTA_DELETED: .deleted
        case GIT_DELTA_RENAMED: .renamed
        case GIT_DELTA_TYPECHANGE: .typeChanged
        default: .modified
        }
    }

    /// The patches of files up to a limit.
    private struct PatchText {
        let limit: Int
        private(set) var isTruncated = false
        private var bytes: [UInt8] = []

        init(limit: Int) { self.limit = limit }

        var text: String { String(decoding: bytes, as: UTF8.self) }

        mutating func append(_ patch: OpaquePointer) throws {
            guard !isTruncated else { return }
            var buffer = git_buf()
            defer { git_buf_dispose(&buffer) }
            try git("cannot write a patch") { git_patch_to_buf(&buffer, patch) }
            let more = UnsafeRawBufferPointer(start: buffer.ptr, count: buffer.size)
            if bytes.count + more.count <= limit {
                bytes.append(contentsOf: more)
            } else {
                isTruncated = true
                if bytes.isEmpty { bytes.append(contentsOf: more.prefix(max(0, limit))) }
            }
        }
    }
}
