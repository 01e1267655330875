import Foundation

/// The files of the checkout that these tests were built from.
enum Checkout {
    /// The folder that holds `Package.swift`.
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The tracked files, as paths from the root; `nil` where the sources are no Git checkout.
    static let files: [String]? = {
        let git = Process()
        git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        git.arguments = ["git", "-c", "safe.directory=*", "-C", root.path, "ls-files", "-z"]
        let output = Pipe()
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        guard (try? git.run()) != nil, let bytes = try? output.fileHandleForReading.readToEnd() else { return nil }
        git.waitUntilExit()
        guard git.terminationStatus == 0 else { return nil }
        let paths = String(decoding: bytes, as: UTF8.self).split(separator: "\0").map(String.init)
        // A file may be deleted and not yet committed.
        return paths.filter { FileManager.default.fileExists(atPath: root.appendingPathComponent($0).path) }
    }()

    /// The tracked Swift files below `folder`, all if it is empty.
    static func swiftFiles(_ folder: String = "") -> [String] {
        (files ?? []).filter { $0.hasSuffix(".swift") && $0.hasPrefix(folder) }
    }

    static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: root.appendingPathComponent(path)), as: UTF8.self)
    }

    /// The lines of a file that are no comments, with their numbers.
    static func code(_ path: String) throws -> [(number: Int, line: Substring)] {
        try text(path).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            .map { ($0 + 1, $1) }
            .filter { !$0.line.drop { $0 == " " }.hasPrefix("//") }
    }

    /// The modules that a file imports.
    static func imports(_ path: String) throws -> Set<String> {
        let pattern =
            #/^(?:@\w+(?:\(\w+\))? +)*(?:\w+ +)?import (?:(?:class|struct|enum|protocol|func|var|let) )?(\w+)/#
        return Set(try code(path).compactMap { $0.line.firstMatch(of: pattern).map { String($0.1) } })
    }
}
