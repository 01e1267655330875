import Glibc

/// Lists an open folder without following links.
enum FolderReader {
    /// The entries sorted by name. The descriptor stays open.
    static func entries(of folder: Int32) throws -> [WorkspaceFiles.Entry] {
        let descriptor = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0, let stream = fdopendir(descriptor) else {
            throw ToolError("The folder cannot be read: \(PathResolver.reason(errno)).")
        }
        defer { closedir(stream) }
        var found: [WorkspaceFiles.Entry] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard name != ".", name != ".." else { continue }
            var status = stat()
            guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            found.append(.init(name: name, kind: kind(status.st_mode), size: Int(status.st_size)))
        }
        return found.sorted { $0.name < $1.name }
    }

    private static func kind(_ mode: mode_t) -> WorkspaceFiles.Entry.Kind {
        switch mode & S_IFMT {
        case S_IFDIR: .folder
        case S_IFREG: .file
        case S_IFLNK: .link
        default: .special
        }
    }
}
