import Foundations
import Glibc
import Sandbox
import SystemPackage

/// Reads and writes the files of one work tree for a model. All calls block.
package struct WorkspaceFiles: Sendable {
    /// Where commands see the tree; absolute paths must lie below it.
    package static let mountPoint = Sandbox.workspace
    /// The most bytes of a file that are read.
    package static let readLimit = 5 << 20
    /// The most bytes that are written to a file.
    package static let writeLimit = 5 << 20

    /// The host path of the tree.
    package let root: String

    package init(root: String) { self.root = root }

    /// The bytes of a file.
    package struct Content: Sendable {
        /// Relative to the root, without links.
        package let path: String
        /// The first bytes, at most as many as were asked for.
        package let bytes: [UInt8]
        /// The size of the whole file.
        package let size: Int

        package var isWhole: Bool { bytes.count >= size }
    }

    /// One entry of a folder.
    package struct Entry: Sendable, Hashable {
        package enum Kind: Sendable { case folder, file, link, special }
        let fileName: FileName
        package let kind: Kind
        package let size: Int
        /// As models are told of it.
        package var name: String { fileName.text }
    }

    /// The path relative to the root without links. What it names need not exist.
    package func locate(_ path: String) throws -> String { try PathResolver(path, root: root).path }

    /// The path of what is there.
    func locateExisting(_ path: String) throws -> String {
        let place = try PathResolver(path, root: root)
        guard place.kind != .missing else { throw Self.wrongKind(place, path) }
        return place.path
    }

    /// Up to `limit` bytes of a file.
    package func read(_ path: String, limit: Int = readLimit) throws -> Content {
        let place = try PathResolver(path, root: root)
        guard place.kind == .file, let leaf = place.leaf else { throw Self.wrongKind(place, path) }
        // Without O_NONBLOCK a pipe put in the file's place would hang the call.
        let descriptor = openat(place.parent, leaf.bytes, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw ToolError("\(path) cannot be read: \(PathResolver.reason(errno)).") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ToolError("\(path) is not a regular file.")
        }
        let bytes = try FileDescriptor(rawValue: descriptor).bytes(upTo: limit)
        return Content(path: place.path, bytes: bytes, size: Int(status.st_size))
    }

    /// A file as a text; `nil` if there is none, or it is too large or no text.
    func text(_ path: String) throws -> TextFile? {
        guard try PathResolver(path, root: root).kind == .file else { return nil }
        let content = try read(path)
        return content.isWhole ? TextFile(content.bytes) : nil
    }

    /// The entries of a folder, sorted by name, without `.git`.
    package func list(_ path: String) throws -> [Entry] {
        let place = try PathResolver(path, root: root)
        guard place.kind == .folder else { throw Self.wrongKind(place, path) }
        return try FolderReader.entries(of: place.parent).filter { $0.name.lowercased() != ".git" }
    }

    /// Every file and link below a folder, sorted, as paths relative to the root, without `.git`; at most `limit`.
    package func walk(_ path: String, limit: Int = 200_000) throws -> [String] {
        let place = try PathResolver(path, root: root)
        guard place.kind == .folder else { throw Self.wrongKind(place, path) }
        var found: [String] = []
        try collect(place.parent, prefix: place.path, depth: 0, limit: limit, into: &found)
        return found
    }

    private func collect(
        _ folder: Int32, prefix: String, depth: Int, limit: Int, into found: inout [String]
    ) throws {
        for entry in try FolderReader.entries(of: folder) where entry.name.lowercased() != ".git" {
            guard found.count < limit else { return }
            let path = prefix.isEmpty ? entry.name : "\(prefix)/\(entry.name)"
            guard entry.kind == .folder else {
                found.append(path)
                continue
            }
            let child = openat(folder, entry.fileName.bytes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard child >= 0 else { continue }
            defer { close(child) }
            if depth < 100 { try collect(child, prefix: path, depth: depth + 1, limit: limit, into: &found) }
        }
    }

    static func wrongKind(_ place: PathResolver, _ path: String) -> ToolError {
        switch place.kind {
        case .missing:
            ToolError(
                "\(path) does not exist. "
                    + (place.alike.map { "There is \($0)." } ?? "Use list_directory or find_files to see what there is.")
            )
        case .folder: ToolError("\(path) is a folder. Use list_directory.")
        case .file: ToolError("\(path) is a file, not a folder.")
        case .special: ToolError("\(path) is neither a regular file nor a folder.")
        }
    }
}
