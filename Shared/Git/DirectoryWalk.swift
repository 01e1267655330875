import CGit2
import Foundations
import Glibc

/// What a walk hands to its user. Paths are given from the root and end in a zero byte.
protocol DirectoryVisitor: AnyObject {
    /// A file, symbolic link or special file that is in the index (at `position`), is not ignored, or is to be kept.
    func visit(_ file: DirectoryWalk.File) throws
    /// Something that is neither in the index nor to be committed, and why.
    func dismissed(_ path: [UInt8], _ verdict: IgnoreRules.Verdict)
    /// A directory that was walked.
    func entered(_ path: [UInt8])
    /// Something that the walk would not look at.
    func skipped(_ path: [UInt8], _ reason: SkippedFile.Reason)
}

/// Walks a directory that a command may have filled with anything.
///
/// Nothing is followed out of it: every step is relative to an open directory and refuses symbolic links. Nothing in it
/// is obeyed but `.gitignore`, and nothing named `.git` is looked at. What cannot be read ends the walk: to its user
/// it would look as if it were gone.
final class DirectoryWalk {
    /// A file as the walk found it.
    struct File {
        let path: [UInt8]
        /// The directory that holds it, open during the visit.
        let folder: Int32
        let name: [CChar]
        let info: stat
        /// Its place in the index, if it is there.
        let position: Int?
        /// Whether `.gitignore` covers it, and it is in no index: it is to be kept all the same.
        var isForced = false
        /// Whether it is to be kept whatever speaks against it.
        var isKept = false
        /// Whether its content belongs into Git LFS.
        var large: LargeFileRules?

        /// Whether `.gitattributes` gives it to Git LFS.
        var isLarge: Bool { large?.tracks(path.dropLast()) ?? false }
    }

    /// What the files of a directory say of it and of what lies below.
    private struct Rules {
        var ignore: IgnoreRules
        var large: LargeFileRules?
        /// What becomes of all of it but what was committed, unless files say otherwise.
        var inherited = IgnoreRules.Verdict.wanted
    }

    private static let deepest = 100
    private static let largestIgnoreFile = 1 << 20

    private let index: StatIndex
    private let visitor: any DirectoryVisitor
    private let kept: KeptPaths
    private let interruption: Interruption
    /// The directories that were walked, by path, each as it was before it was listed.
    private(set) var folders: [[UInt8]: FileState] = [:]

    /// `kept` are visited whether they are ignored or not.
    init(
        index: StatIndex, visitor: any DirectoryVisitor, kept: KeptPaths = KeptPaths(),
        _ interruption: Interruption = Interruption()
    ) {
        self.interruption = interruption
        self.index = index
        self.visitor = visitor
        self.kept = kept
    }

    /// Walks the directory `root`. Throws ``GitError/Code/unreadable`` for what this account may not read.
    func run(_ root: String) throws {
        let folder: OpenFolder
        do { folder = try OpenFolder(root) } catch let failure as FileFailure {
            throw GitError(failure, "cannot open the work tree")
        }
        try walk(folder, path: [], rules: Rules(ignore: .builtIn), depth: 0)
    }

    /// `path` is empty or ends in a slash.
    private func walk(_ folder: OpenFolder, path: [UInt8], rules: Rules, depth: Int) throws {
        folders[path] = folder.state
        let rules = try self.rules(in: folder.descriptor, under: rules, path: path)
        do {
            try folder.forEach { name, info in
                let name = Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1))
                guard !Self.isOwn(name) else { return true }
                let path = path + name.map { UInt8(bitPattern: $0) }
                let entry = File(
                    path: path, folder: folder.descriptor, name: name, info: info, position: index.position(of: path),
                    isKept: kept.covers(path), large: rules.large)
                try look(at: entry, rules: rules, depth: depth)
                return true
            }
        } catch let failure as FileFailure {
            throw GitError(failure, "cannot look into \(SkippedFile.text(path))")
        }
    }

    private func look(at entry: File, rules: Rules, depth: Int) throws {
        try interruption.check()
        if entry.info.st_mode & S_IFMT == S_IFDIR {
            return try look(atFolder: entry, rules: rules, depth: depth)
        }
        let verdict = entry.position == nil ? self.verdict(on: entry, rules) : .wanted
        guard verdict == .wanted || entry.isKept else { return visitor.dismissed(entry.path, verdict) }
        var entry = entry
        entry.isForced = verdict == .ignored || verdict == .byproduct
        try visitor.visit(entry)
    }

    private func verdict(on entry: File, _ rules: Rules) -> IgnoreRules.Verdict {
        let isDirectory = entry.info.st_mode & S_IFMT == S_IFDIR
        guard rules.inherited == .wanted else { return rules.inherited }
        return rules.ignore.verdict(on: entry.path.dropLast(), isDirectory: isDirectory)
    }

    private func look(atFolder entry: File, rules: Rules, depth: Int) throws {
        let prefix = Array(entry.path.dropLast() + [UInt8(ascii: "/")])
        if let position = entry.position, index.entry(at: position)?.mode == GIT_FILEMODE_COMMIT.rawValue {
            // What is in it belongs to another repository. Nothing is by itself.
            if !isEmpty(entry) { visitor.skipped(entry.path, .submodule) }
            return try visitor.visit(entry)
        }
        var verdict = self.verdict(on: entry, rules)
        let holdsPaths = verdict != .wanted && index.holdsPaths(under: prefix + [0])
        if verdict != .wanted, !holdsPaths, !entry.isKept, !kept.folders.contains(prefix) {
            return visitor.dismissed(entry.path, verdict)
        }
        // Where the work has files already, more of them are no leftovers.
        if verdict == .leftover, holdsPaths { verdict = .wanted }
        guard depth < Self.deepest else { return visitor.skipped(entry.path, .tooDeep) }
        let child: OpenFolder
        do { child = try OpenFolder(entry.name, in: entry.folder) } catch let failure as FileFailure {
            // Gone since it was listed, or something else by now.
            if [ENOENT, ENOTDIR, ELOOP].contains(failure.code) { return }
            throw GitError(failure, "cannot open \(SkippedFile.text(entry.path))")
        }
        visitor.entered(entry.path)
        var rules = rules
        rules.inherited = verdict
        try walk(child, path: prefix, rules: rules, depth: depth + 1)
    }

    private func isEmpty(_ entry: File) -> Bool {
        guard let folder = try? OpenFolder(entry.name, in: entry.folder) else { return true }
        return (try? folder.forEach { _, _ in false }) ?? true
    }

    /// Walks `root` again and throws ``GitError/Code/unreadable`` unless all directories are as `earlier` found them: a
    /// file that moved while a walk was under way may have been seen in neither of its places.
    static func confirm(_ earlier: DirectoryWalk, _ root: String) throws {
        let again = DirectoryWalk(index: earlier.index, visitor: Onlooker(), kept: earlier.kept, earlier.interruption)
        try again.run(root)
        guard again.folders == earlier.folders else {
            throw GitError(.unreadable, "the work tree changes while it is read")
        }
    }

    private func rules(in folder: Int32, under rules: Rules, path: [UInt8]) throws -> Rules {
        var rules = rules
        if rules.inherited == .wanted,
            let file = try SafeFile.read(".gitignore", in: folder, limit: Self.largestIgnoreFile)
        {
            rules.ignore = IgnoreRules(file.bytes, parent: rules.ignore, prefix: path.count)
        }
        if let file = try SafeFile.read(".gitattributes", in: folder, limit: Self.largestIgnoreFile) {
            rules.large = LargeFileRules(file.bytes, parent: rules.large, prefix: path.count)
        }
        return rules
    }

    /// `.git` in any case.
    private static func isOwn(_ name: [CChar]) -> Bool {
        guard name.count == 5, name.first == CChar(bitPattern: UInt8(ascii: ".")) else { return false }
        return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self).lowercased() == ".git"
    }
}

/// Looks, and does nothing.
private final class Onlooker: DirectoryVisitor {
    func visit(_ file: DirectoryWalk.File) throws {}
    func dismissed(_ path: [UInt8], _ verdict: IgnoreRules.Verdict) {}
    func entered(_ path: [UInt8]) {}
    func skipped(_ path: [UInt8], _ reason: SkippedFile.Reason) {}
}

extension OpenFolder {
    /// The state of the folder itself: it changes with every name in it.
    fileprivate var state: FileState {
        var info = stat()
        return fstat(descriptor, &info) == 0 ? FileState(info) : .unknown
    }
}

/// Files that belong to the work although `.gitignore` may cover them.
struct KeptPaths {
    /// Paths from the root, each with a zero byte at its end. A directory stands for all that is in it.
    private var paths: Set<[UInt8]> = []
    /// The directories that lead to them, each with a slash at its end.
    private(set) var folders: Set<[UInt8]> = []

    init(_ paths: some Sequence<String> = EmptyCollection()) {
        for path in paths {
            var bytes = Array(path.utf8)
            while bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
            self.paths.insert(bytes + [0])
            for end in bytes.indices where bytes[end] == UInt8(ascii: "/") { folders.insert(Array(bytes[...end])) }
        }
    }

    /// Whether a path, or a directory above it, is to be kept. It has a zero byte at its end.
    func covers(_ path: [UInt8]) -> Bool {
        guard !paths.isEmpty else { return false }
        return paths.contains(path)
            || path.indices.contains { path[$0] == UInt8(ascii: "/") && paths.contains(path[..<$0] + [0]) }
    }
}
