import CGit2
import Glibc

/// What a walk hands to its user. Paths are given from the root and end in a zero byte.
protocol DirectoryVisitor: AnyObject {
    /// A file, symbolic link or special file that is in the index (at `position`) or is not ignored.
    func visit(_ file: DirectoryWalk.File) throws
    /// Something that is neither in the index nor to be committed.
    func ignored(_ path: [UInt8])
    /// A directory that was walked.
    func entered(_ path: [UInt8])
    /// Something that the walk could not or would not look at.
    func skipped(_ path: [UInt8], _ reason: SkippedFile.Reason)
}

/// Walks a directory that a command may have filled with anything.
///
/// Nothing is followed out of it: every step is relative to an open directory and refuses symbolic links. Nothing in it
/// is obeyed but `.gitignore`, and nothing named `.git` is looked at.
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
    }

    private static let deepest = 100
    private static let largestIgnoreFile = 1 << 20

    private let index: StatIndex
    private let visitor: any DirectoryVisitor

    init(index: StatIndex, visitor: any DirectoryVisitor) {
        self.index = index
        self.visitor = visitor
    }

    /// Walks the directory `root`.
    func run(_ root: String) throws {
        let descriptor = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw GitError(.fileSystem, "cannot open the work tree: \(systemError())") }
        try walk(descriptor, path: [], rules: .builtIn, isIgnored: false, depth: 0)
    }

    /// Takes over `descriptor`. `path` is empty or ends in a slash.
    private func walk(
        _ descriptor: Int32, path: [UInt8], rules: IgnoreRules, isIgnored: Bool, depth: Int
    ) throws {
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            throw GitError(.fileSystem, "cannot read a directory: \(systemError())")
        }
        defer { closedir(stream) }
        let folder = dirfd(stream)
        let rules = isIgnored ? rules : self.rules(in: folder, under: rules, path: path)
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                Array(bytes.bindMemory(to: CChar.self).prefix { $0 != 0 }) + [0]
            }
            guard !Self.isOwn(name) else { continue }
            try look(at: name, in: folder, under: path, rules: rules, isIgnored: isIgnored, depth: depth)
        }
    }

    private func look(
        at name: [CChar], in folder: Int32, under parent: [UInt8], rules: IgnoreRules, isIgnored: Bool, depth: Int
    ) throws {
        let path = parent + name.map { UInt8(bitPattern: $0) }
        var info = stat()
        // Gone since it was listed.
        guard fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { return }
        let position = index.position(of: path)
        if info.st_mode & S_IFMT == S_IFDIR {
            try look(atFolder: name, path, in: folder, position, rules: rules, isIgnored: isIgnored, depth: depth)
        } else if position == nil, isIgnored || rules.ignores(path.dropLast(), isDirectory: false) {
            visitor.ignored(path)
        } else {
            try visitor.visit(File(path: path, folder: folder, name: name, info: info, position: position))
        }
    }

    private func look(
        atFolder name: [CChar], _ path: [UInt8], in folder: Int32, _ position: Int?, rules: IgnoreRules,
        isIgnored: Bool, depth: Int
    ) throws {
        if let position, index.entry(at: position)?.mode == GIT_FILEMODE_COMMIT.rawValue {
            // A submodule: what is in it belongs to another repository.
            var info = stat()
            guard fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 else { return }
            return try visitor.visit(File(path: path, folder: folder, name: name, info: info, position: position))
        }
        let prefix = path.dropLast() + [UInt8(ascii: "/")]
        let isIgnored = isIgnored || rules.ignores(path.dropLast(), isDirectory: true)
        if isIgnored, !index.holdsPaths(under: prefix + [0]) { return visitor.ignored(path) }
        guard depth < Self.deepest else { return visitor.skipped(path, .tooDeep) }
        let child = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard child >= 0 else { return visitor.skipped(path, .unreadable) }
        visitor.entered(path)
        try walk(child, path: Array(prefix), rules: rules, isIgnored: isIgnored, depth: depth + 1)
    }

    private func rules(in folder: Int32, under rules: IgnoreRules, path: [UInt8]) -> IgnoreRules {
        guard let text = try? SafeFile.read(".gitignore", in: folder, limit: Self.largestIgnoreFile)?.bytes else {
            return rules
        }
        return IgnoreRules(text, parent: rules, prefix: path.count)
    }

    /// `.`, `..` and `.git` in any case.
    private static func isOwn(_ name: [CChar]) -> Bool {
        guard name.count <= 5, name.first == CChar(bitPattern: UInt8(ascii: ".")) else { return false }
        let text = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self).lowercased()
        return text == "." || text == ".." || text == ".git"
    }
}
