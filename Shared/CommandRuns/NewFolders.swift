import Foundations
import Glibc

/// Finds the folders that a setup left in a work tree.
enum NewFolders {
    private static let most = 200

    /// The outermost folders in the folder `root` that hold none of the files `tracked`. Files beside what is tracked
    /// are passed over, links too. Blocking. Throws ``FileFailure``.
    static func find(in root: String, tracked: [String]) throws -> [String] {
        var known: Set<String> = []
        for path in tracked {
            var rest = path[...]
            while let slash = rest.lastIndex(of: "/") {
                rest = rest[..<slash]
                guard known.insert(String(rest)).inserted else { break }
            }
        }
        var found: [String] = []
        try TreeWalk(access: .restored, deepest: .max).run(root) { entry in
            // What is no text is nobody's path.
            guard entry.isFolder, let name = String(validatingCString: entry.name), name != ".git" else { return .past }
            if known.contains(entry.prefix + name) { return .on }
            found.append(entry.prefix + name)
            return .past
        }
        guard found.count <= most else { throw FileFailure(E2BIG) }
        return found.sorted()
    }
}
