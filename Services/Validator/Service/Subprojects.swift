import Foundations

/// Projects below the root: of a repository of several, those are validated that a change touches.
struct Subprojects: Sendable {
    /// A folder, and what is run in it.
    struct Project: Sendable {
        /// Relative to the root.
        let folder: String
        let kinds: [ProjectKind]
        /// Its files, relative to it.
        let paths: [String]
    }

    private static let most = 20
    private static let mostExamined = 100
    /// A file that tells a kind, below the root: what configures tests alone is in any folder of tests.
    private static let markers = Set((ProjectKind.all + [ProjectKind.make]).flatMap(\.markers))
        .subtracting(["conftest.py", "pytest.ini", "tox.ini"])

    let projects: [Project]
    /// The folders of further ones.
    let others: [String]

    /// For each of the paths the project whose folder is the nearest above it, but the root and those that the root's
    /// own commands test.
    ///
    /// - Parameter root: The kinds of the root.
    init(touched: [String], base: ProjectFiles, head: ProjectFiles, root: [ProjectKind]) {
        let folders = Self.folders(in: base.paths + head.paths)
        var found: [String: Project?] = [:]
        var unknown: Set<String> = []
        func project(_ folder: String) -> Project? {
            if let known = found[folder] { return known }
            guard found.count < Self.mostExamined else {
                unknown.insert(folder)
                return nil
            }
            let project = Self.project(in: folder, base, head, root)
            found[folder] = .some(project)
            return project
        }
        for path in touched where !folders.isEmpty {
            _ = Self.foldersAbove(path).first { folders.contains($0) && project($0) != nil }
        }
        let all = found.values.compactMap(\.self).filter { !$0.kinds.isEmpty }.sorted { $0.folder < $1.folder }
        projects = Array(all.prefix(Self.most))
        others = all.dropFirst(Self.most).map(\.folder) + unknown.sorted()
    }

    /// `nil` where there is none. One without kinds is tested by the root.
    private static func project(
        in folder: String, _ base: ProjectFiles, _ head: ProjectFiles, _ root: [ProjectKind]
    ) -> Project? {
        let (old, new) = (base.within(folder), head.within(folder))
        // That its tests are gone is found by name, see ``LostTests``.
        guard !new.paths.isEmpty else { return nil }
        let kinds = ProjectKind.detect(base: old, head: new).filter { $0.name != ProjectKind.make.name || root.isEmpty }
        guard !kinds.isEmpty else { return nil }
        let others = kinds.filter { kind in
            !root.contains { $0.tests(kind, in: folder, base) && $0.tests(kind, in: folder, head) }
        }
        return Project(folder: folder, kinds: others, paths: old.paths + new.paths)
    }

    /// The folders below the root that hold a file that tells a kind.
    private static func folders(in paths: [String]) -> Set<String> {
        var folders: Set<String> = []
        for path in paths {
            guard let slash = path.lastIndex(of: "/"), markers.contains(String(path[path.index(after: slash)...])),
                !ForeignFolders.hold(path)
            else { continue }
            folders.insert(String(path[..<slash]))
        }
        return folders
    }

    /// From the nearest upwards, without the root.
    static func foldersAbove(_ path: String) -> some Sequence<String> {
        sequence(state: path[...]) { rest in
            guard let slash = rest.lastIndex(of: "/") else { return nil }
            rest = rest[..<slash]
            return String(rest)
        }
    }
}

extension ProjectKind {
    /// Whether this kind's commands in the root, which holds `files`, test also the project of `kind` in `folder`.
    fileprivate func tests(_ kind: ProjectKind, in folder: String, _ files: ProjectFiles) -> Bool {
        // What a Makefile of the root tests is everything.
        if name == Self.make.name { return true }
        guard kind.name == name else { return false }
        switch name {
        case "Python":
            return files.holds("pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini")
                && !files.says("testpaths", "pyproject.toml", "setup.cfg", "pytest.ini", "tox.ini")
        case "Node":
            return files.says("\"workspaces\"", "package.json")
                || files.holds("pnpm-workspace.yaml", "lerna.json", "turbo.json", "nx.json")
        case "Rust":
            // The package of a root that is one itself is tested alone.
            return files.says("[workspace]", "Cargo.toml") && !files.says("[package]", "Cargo.toml")
                && !files.says("exclude", "Cargo.toml")
        case "Maven":
            return ([folder] + Array(Subprojects.foldersAbove(folder))).contains {
                files.says("<module>\($0)</module>", "pom.xml")
            }
        default: return false
        }
    }
}

extension ProjectFiles {
    fileprivate func holds(_ names: String...) -> Bool { names.contains { root.contains($0) } }

    fileprivate func says(_ words: String, _ names: String...) -> Bool {
        names.contains { texts[$0]?.contains(words) == true }
    }
}
