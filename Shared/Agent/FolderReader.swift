import Foundations
import Glibc

/// Lists an open folder without following links.
enum FolderReader {
    /// The entries sorted by name. The descriptor stays open.
    static func entries(of folder: Int32) throws -> [WorkspaceFiles.Entry] {
        var found: [WorkspaceFiles.Entry] = []
        do {
            try OpenFolder(".", in: folder).forEach { name, info in
                found.append(.init(fileName: FileName(name), kind: kind(info.st_mode), size: Int(info.st_size)))
                return true
            }
        } catch let failure as FileFailure {
            throw ToolError("The folder cannot be read: \(PathResolver.reason(failure.code)).")
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
