import Glibc

/// Finds a path that a model gave, without ever leaving the work tree.
///
/// Every step is taken from an open folder and never through a symbolic link: links are read and followed by hand, so
/// a link that leaves the tree is seen as such, and a command that swaps a folder for a link meanwhile gains nothing.
final class PathResolver {
    enum Kind { case folder, file, special, missing }

    /// Open folders from the root to the current one.
    private var folders: [Int32]
    /// The names of the folders below the root.
    private var names: [String] = []
    private var pending: [String]
    private var steps = 0

    /// What lies at the path.
    private(set) var kind = Kind.folder
    /// The name in ``parent`` of a file, a special file or the first missing part; `nil` for a folder.
    private(set) var leaf: FileName?
    /// Names below a missing ``leaf``.
    private(set) var below: [String] = []
    /// The path of what there is in place of a missing ``leaf``: its name differs in case alone.
    private(set) var alike: String?

    /// Resolves `path`, relative to the tree at the host path `root` or absolute below ``WorkspaceFiles/mountPoint``.
    init(_ path: String, root: String) throws {
        let descriptor = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw ToolError("The work tree cannot be opened: \(Self.reason(errno)).") }
        folders = [descriptor]
        pending = []
        try enqueue(path, given: path)
        while let part = pending.popLast() { try enter(part, given: path) }
    }

    deinit { folders.forEach { _ = close($0) } }

    /// The open folder that holds the leaf, or the folder itself.
    var parent: Int32 { folders.last ?? -1 }
    /// The path relative to the root, without links; empty for the root.
    var path: String { (names + [leaf?.text].compactMap(\.self) + below).joined(separator: "/") }

    private func enqueue(_ path: String, given: String) throws {
        guard !path.utf8.contains(0), path.utf8.count < 4096 else { throw ToolError("The path is not valid.") }
        var rest = path[...]
        if path.hasPrefix("/") {
            let mount = WorkspaceFiles.mountPoint
            guard path == mount || path.hasPrefix(mount + "/") else { throw Self.leaves(given) }
            rest = path.dropFirst(mount.count)
            folders.dropFirst().forEach { _ = close($0) }
            folders = Array(folders.prefix(1))
            names = []
        }
        pending += rest.split(separator: "/").map(String.init).reversed()
    }

    private func enter(_ part: String, given: String) throws {
        steps += 1
        guard steps < 400 else { throw ToolError("\(given) goes through too many folders or links.") }
        guard part != "." else { return }
        if part == ".." { return try goUp(given) }
        try Self.refuseGit(part)
        guard leaf == nil else { throw ToolError("\(path) is not a folder.") }
        var status = stat()
        var name = FileName(part)
        if fstatat(parent, name.bytes, &status, AT_SYMLINK_NOFOLLOW) != 0 {
            let code = errno
            name = code == ENOENT ? spelling(of: part) ?? name : name
            guard fstatat(parent, name.bytes, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
                return try miss(part, code, given)
            }
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: try goDown(name)
        case S_IFLNK: try follow(name, given)
        case S_IFREG: (kind, leaf) = (.file, name)
        default: (kind, leaf) = (.special, name)
        }
    }

    /// How the folder spells a name that is not in it as it was given; `nil` if there is none, or more than one.
    private func spelling(of part: String) -> FileName? {
        guard FileName.isAmbiguous(part) else { return nil }
        let found = entries.filter { $0.isMeant(by: part) }
        return found.count == 1 ? found.first : nil
    }

    private var entries: [FileName] { (try? FolderReader.entries(of: parent))?.map(\.fileName) ?? [] }

    private func goUp(_ given: String) throws {
        guard leaf == nil else { throw ToolError("\(path) is not a folder.") }
        guard !names.isEmpty else { throw Self.leaves(given) }
        names.removeLast()
        close(folders.removeLast())
    }

    private func goDown(_ name: FileName) throws {
        let descriptor = openat(parent, name.bytes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor >= 0 {
            folders.append(descriptor)
            names.append(name.text)
        } else if errno == ELOOP || errno == ENOTDIR || errno == ENOENT {
            pending.append(name.text)  // It was swapped after it was looked at: look again.
        } else {
            throw ToolError("\((names + [name.text]).joined(separator: "/")) cannot be opened: \(Self.reason(errno)).")
        }
    }

    private func follow(_ name: FileName, _ given: String) throws {
        let target = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer -> String? in
            guard let base = buffer.baseAddress else { return nil }
            let length = readlinkat(parent, name.bytes, base, buffer.count)
            return length > 0
                ? String(decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
        }
        guard let target else { return pending.append(name.text) }
        try enqueue(target, given: given)
    }

    private func miss(_ part: String, _ code: Int32, _ given: String) throws {
        guard code == ENOENT else { throw ToolError("\(given) cannot be opened: \(Self.reason(code)).") }
        below = pending.reversed().filter { $0 != "." }
        guard !below.contains("..") else { throw ToolError("\(part) does not exist, so \(given) leads nowhere.") }
        try below.forEach(Self.refuseGit)
        pending = []
        let other = entries.first { $0.text.lowercased() == part.lowercased() }
        alike = other.map { (names + [$0.text] + below).joined(separator: "/") }
        (kind, leaf) = (.missing, FileName(part))
    }

    private static func refuseGit(_ part: String) throws {
        guard part.lowercased() != ".git" else {
            throw ToolError("The folder .git is off limits to this tool. The work is committed for you.")
        }
    }

    private static func leaves(_ path: String) -> ToolError {
        ToolError("\(path) leaves the work tree. Use a path relative to \(WorkspaceFiles.mountPoint).")
    }

    static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
