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
        try look(into: try OpenFolder(root), "", known, &found)
        guard found.count <= most else { throw FileFailure(E2BIG) }
        return found.sorted()
    }

    private static func look(
        into folder: OpenFolder, _ prefix: String, _ known: Set<String>, _ found: inout [String]
    ) throws {
        var inner: [String] = []
        try folder.forEach { name, info in
            guard info.st_mode & S_IFMT == S_IFDIR, let name = String(validatingCString: name), name != ".git" else {
                return true
            }
            if known.contains(prefix + name) { inner.append(name) } else { found.append(prefix + name) }
            return true
        }
        for name in inner {
            try look(into: try OpenFolder(name, in: folder.descriptor), "\(prefix)\(name)/", known, &found)
        }
    }
}
