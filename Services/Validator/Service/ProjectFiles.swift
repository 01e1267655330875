import FoundationEssentials
import Git

/// What detection looks at.
package struct ProjectFiles: Sendable, Hashable {
    private static let largestText = 1 << 20
    private static let mostFolders = 200

    /// Every file, relative to the root.
    package let paths: [String]
    /// The texts of those of ``ProjectKind/telling`` that are there, by path.
    package let texts: [String: String]
    /// The files that are in no folder.
    let root: Set<String>

    package init(paths: [String], texts: [String: String] = [:]) {
        self.paths = paths
        self.texts = texts
        root = Set(paths.filter { !$0.contains("/") })
    }

    /// The files of a commit, with the texts of the root and of the folders above `touched`. Blocking.
    init(of files: CommitFiles, touched: [String]) throws {
        let paths = try files.paths()
        let all = Set(paths)
        let folders = Set(touched.flatMap { Array(Subprojects.foldersAbove($0)) }).sorted().prefix(Self.mostFolders)
        var texts: [String: String] = [:]
        for name in ProjectKind.telling {
            for path in [name] + folders.map({ "\($0)/\(name)" }) where all.contains(path) {
                texts[path] = try files.text(of: path, maxBytes: Self.largestText)
            }
        }
        self.init(paths: paths, texts: texts)
    }

    /// What is in a folder, relative to it.
    func within(_ folder: String) -> ProjectFiles {
        let prefix = "\(folder)/"
        func inside(_ path: String) -> String? {
            path.utf8.starts(with: prefix.utf8) ? String(Substring(path.utf8.dropFirst(prefix.utf8.count))) : nil
        }
        let texts = texts.compactMap { path, text in inside(path).map { ($0, text) } }
        return ProjectFiles(
            paths: paths.compactMap(inside), texts: Dictionary(texts, uniquingKeysWith: { first, _ in first }))
    }
}

extension CommitFiles {
    /// A file as text; `nil` if there is none, or if it is larger than anybody writes by hand.
    func text(of path: String, maxBytes: Int) throws -> String? {
        do {
            return try contents(of: path, maxBytes: maxBytes).map { String(decoding: $0, as: UTF8.self) }
        } catch let error as GitError where error.code == .tooLarge {
            return nil
        }
    }
}
