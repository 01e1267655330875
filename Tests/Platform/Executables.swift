import Foundation

/// The executables under test: they lie beside the test bundle.
package enum Executables {
    /// An executable is not there.
    package struct Missing: Error, CustomStringConvertible {
        let path: String
        package var description: String { "\(path) was not built" }
    }

    /// The path of an executable by its name. Throws ``Missing``.
    package static func path(_ name: String) throws -> String {
        let folder = URL(fileURLWithPath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
        let path = folder.appendingPathComponent(name).path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing(path: path) }
        return path
    }
}
