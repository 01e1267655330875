import FoundationEssentials
import Foundations
import Git

/// What was installed, as long as this value lives.
package final class StoredSetup: Sendable {
    /// The parts of its folder: the home of its commands, the folders that they left in the work tree by number, and
    /// the list of these.
    package static let home = "home"
    package static let kept = "kept"
    package static let list = "kept.json"

    /// Folders in others that tools write to when they only use what was installed, by the name of the outer one.
    package static let written = ["node_modules": [".cache", ".vite", ".vite-temp", ".vitest"]]

    package let path: String
    /// The folders of the work tree that belong to it, by number.
    package let folders: [String]
    private let lock: FileLock

    init(_ path: String, _ lock: FileLock) throws {
        self.path = path
        self.lock = lock
        let list = try Data(contentsOf: URL(filePath: "\(path)/\(Self.list)"))
        folders = try JSONValue(parsing: list).arrayValue?.compactMap(\.stringValue) ?? []
    }
}
