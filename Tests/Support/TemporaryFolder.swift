import Foundation

/// A folder of its own that is removed when the last reference goes away.
package final class TemporaryFolder: Sendable {
    /// The absolute path, without symbolic links.
    package let path: String

    /// Creates the folder. Other users may enter it, because a database server refuses to run as root.
    package init(_ label: String = "automata") throws {
        let base = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().path
        path = "\(base)/\(label)-\(UUID().uuidString.prefix(13).lowercased())"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` inside the folder.
    package func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, with the folders that lead to it.
    @discardableResult
    package func write(_ name: String, _ contents: String) throws -> String {
        let url = URL(fileURLWithPath: path(name))
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(contents.utf8).write(to: url)
        return url.path
    }

    /// The text of a file in the folder.
    package func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(name))), as: UTF8.self)
    }

    /// Runs `body` with a folder that is removed afterwards.
    package static func with<T>(
        _ label: String = "automata", _ body: (TemporaryFolder) async throws -> T
    ) async throws -> T {
        let folder = try TemporaryFolder(label)
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        return try await body(folder)
    }
}
