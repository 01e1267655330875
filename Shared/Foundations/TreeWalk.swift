import Glibc

/// Visits everything below a folder that commands may have filled with anything, without ever following a symbolic link,
/// even one that appears on the way.
package struct TreeWalk: Sendable {
    /// Something in a folder, valid during its visit.
    package struct Entry {
        /// The open folder that holds it.
        package let folder: OpenFolder
        package let name: UnsafePointer<CChar>
        package let info: stat
        /// The path of ``folder`` below the root: empty, or with a slash at its end.
        package let prefix: String

        package var isFolder: Bool { info.st_mode & S_IFMT == S_IFDIR }
        /// The path below the root; what is no text in it is replaced.
        package var path: String { prefix + String(cString: name) }
    }

    /// What a visit says of the walk.
    package enum Step {
        /// Go on, into the entry if it is a folder.
        case on
        /// Go on, but not into the entry.
        case past
        case end
    }

    /// What becomes of folders whose mode keeps their owner out.
    private let access: OpenFolder.Access
    /// How many levels of folders are looked into: each holds an open file.
    private let deepest: Int
    /// Whether folders that cannot be opened or lie deeper are passed over. Else they are errors: a tree never looks
    /// smaller than it is.
    private let isLenient: Bool

    package init(access: OpenFolder.Access, deepest: Int = 256, isLenient: Bool = false) {
        self.access = access
        self.deepest = deepest
        self.isLenient = isLenient
    }

    /// Calls `visit` with each entry below `root`, parents first, until it says ``Step/end``. Entries that vanish meanwhile
    /// are passed over. Returns whether it came to the end. Throws ``FileFailure``, and what `visit` throws.
    @discardableResult
    package func run(_ root: String, visit: (Entry) throws -> Step) throws -> Bool {
        try walk(OpenFolder(root, access: access), prefix: "", depth: 0, visit: visit)
    }

    private func walk(_ folder: OpenFolder, prefix: String, depth: Int, visit: (Entry) throws -> Step) throws -> Bool {
        try folder.forEach { name, info in
            let entry = Entry(folder: folder, name: name, info: info, prefix: prefix)
            switch try visit(entry) {
            case .end: return false
            case .past: return true
            case .on:
                guard entry.isFolder, let child = try child(entry, depth: depth) else { return true }
                return try walk(child, prefix: "\(entry.path)/", depth: depth + 1, visit: visit)
            }
        }
    }

    /// `nil` if the folder has gone, something else has taken its place, or it is to be passed over.
    private func child(_ entry: Entry, depth: Int) throws -> OpenFolder? {
        guard depth + 1 < deepest else {
            if isLenient { return nil }
            throw FileFailure(ELOOP)
        }
        do {
            return try OpenFolder(entry.name, in: entry.folder.descriptor, access: access)
        } catch let failure as FileFailure where isLenient || [ENOENT, ENOTDIR, ELOOP].contains(failure.code) {
            return nil
        }
    }
}
