import FoundationEssentials
import Foundations
import Glibc

/// Removes a folder that a command may have filled with anything, without leaving it.
package enum FolderRemoval {
    /// Removes the folder at the absolute path `path` with all it holds. Does nothing if there is none.
    ///
    /// Throws ``GitError/Code/fileSystem`` or ``GitError/Code/unreadable``.
    package static func remove(_ path: String) async throws {
        try await Library.pool.run { try remove(path, in: AT_FDCWD) }
    }

    /// Removes the folder `name` of an open folder with all it holds. Does nothing if there is none.
    ///
    /// Folders within are moved up to its top before they are emptied: no nesting is too deep, and what a removal that
    /// was cut off leaves is still below `name`.
    static func remove(_ name: UnsafePointer<CChar>, in folder: Int32) throws {
        var info = stat()
        if fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) != 0, errno == ENOENT { return }
        do {
            try empty(try OpenFolder(name, in: folder))
            guard unlinkat(folder, name, AT_REMOVEDIR) == 0 else { throw FileFailure(errno) }
        } catch let failure as FileFailure {
            throw GitError(failure, "cannot remove a folder")
        }
    }

    private static func empty(_ top: OpenFolder) throws {
        var waiting = try removeFiles(of: top)
        while let next = waiting.popLast() {
            let folder = try OpenFolder(next, in: top.descriptor)
            for child in try removeFiles(of: folder) {
                let place = Array(".automata-removed-\(UUID().uuidString)".utf8CString)
                // To move a folder one must be allowed to write it.
                try FileAccess.grant(S_IRWXU, child, in: folder.descriptor)
                guard renameat(folder.descriptor, child, top.descriptor, place) == 0 else { throw FileFailure(errno) }
                waiting.append(place)
            }
            guard unlinkat(top.descriptor, next, AT_REMOVEDIR) == 0 else { throw FileFailure(errno) }
        }
    }

    /// Removes what is no folder, and returns the names of those that are.
    private static func removeFiles(of folder: OpenFolder) throws -> [[CChar]] {
        var folders: [[CChar]] = []
        try folder.forEach { name, info in
            if info.st_mode & S_IFMT == S_IFDIR {
                folders.append(Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
            } else if unlinkat(folder.descriptor, name, 0) != 0, errno != ENOENT {
                throw FileFailure(errno)
            }
            return true
        }
        return folders
    }
}
