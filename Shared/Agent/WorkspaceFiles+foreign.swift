import Foundations

// What a work tree shows although its content lives elsewhere.
extension WorkspaceFiles {
    /// The most bytes that are read of a file that says what lives elsewhere.
    private static let largestList = 1 << 20

    /// Refuses a path, relative to the root and without links, whose content does not live in this repository.
    func requireOwn(_ path: String) throws {
        // Where it is empty: what a commit says, not what somebody wrote since.
        if let submodule = submodules().first(where: { path == $0 || path.hasPrefix($0 + "/") }),
            (try? list(submodule).isEmpty) ?? false
        {
            throw ToolError(
                """
                \(path) is in \(submodule), a submodule: its files belong to another repository, are not here, and no \
                change to them can be kept. Leave it, and say in your summary what has to change there.
                """)
        }
        guard isLargeFile(path) else { return }
        throw ToolError(
            """
            \(path) is kept in Git LFS (.gitattributes): its content lives on another server and cannot be changed from \
            here. Leave it, and say in your summary what has to change.
            """)
    }

    /// The folders of submodules, as `.gitmodules` has them.
    private func submodules() -> [String] {
        guard let list = list(of: ".gitmodules") else { return [] }
        return list.split(separator: 10).compactMap { line -> String? in
            let parts = String(decoding: line, as: UTF8.self).split(separator: "=", maxSplits: 1).map(\.trimmed)
            guard parts.count == 2, parts[0].lowercased() == "path", !parts[1].isEmpty else { return nil }
            // A path with blanks or other signs may stand in quotes.
            let path = parts[1].trimming { $0 == "\"" }
            return path.hasSuffix("/") ? String(path.dropLast()) : path
        }
    }

    /// Whether the `.gitattributes` above a path give it to Git LFS.
    private func isLargeFile(_ path: String) -> Bool {
        var rules: LargeFileRules?
        var folder = ""
        for name in [""] + path.split(separator: "/").dropLast().map(String.init) {
            folder += name.isEmpty ? "" : "\(name)/"
            guard let bytes = list(of: "\(folder).gitattributes") else { continue }
            rules = LargeFileRules(bytes, parent: rules, prefix: folder.utf8.count)
        }
        return rules?.tracks(path.utf8) ?? false
    }

    /// A file that says something of others; `nil` if there is none.
    private func list(of path: String) -> [UInt8]? {
        guard let place = try? PathResolver(path, root: root), place.kind == .file, place.path == path else {
            return nil
        }
        return try? read(path, limit: Self.largestList).bytes
    }
}
