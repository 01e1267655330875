import Foundation

/// The executables under test: those of the folder `PROGRAMS`, as `make test` gives it, so that what is tested is what
/// ships; without it the debug ones beside the test bundle.
package enum Executables {
    /// An executable is not there.
    package struct Missing: Error, CustomStringConvertible {
        let path: String
        package var description: String { "\(path) was not built" }
    }

    /// The folder that holds them.
    package static var folder: URL {
        if let given = ProcessInfo.processInfo.environment["PROGRAMS"], !given.isEmpty {
            return URL(fileURLWithPath: given)
        }
        return URL(fileURLWithPath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
    }

    /// The path of an executable by its name. Throws ``Missing``.
    package static func path(_ name: String) throws -> String {
        let path = folder.appendingPathComponent(name).path
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing(path: path) }
        return path
    }
}
