import FoundationEssentials
import Git

/// What detection looks at.
package struct ProjectFiles: Sendable, Hashable {
    private static let largestText = 1 << 20

    /// Every file, relative to the root.
    package let paths: [String]
    /// The texts of those of ``ProjectKind/telling`` that are there, by name.
    package let texts: [String: String]

    package init(paths: [String], texts: [String: String] = [:]) {
        self.paths = paths
        self.texts = texts
    }

    /// The files of a commit.
    init(of commit: ObjectID, in mirror: Mirror) async throws {
        paths = try await mirror.paths(at: commit)
        var texts: [String: String] = [:]
        for name in ProjectKind.telling where paths.contains(name) {
            texts[name] = try await mirror.text(at: commit, path: name, maxBytes: Self.largestText)
        }
        self.texts = texts
    }
}

extension Mirror {
    /// A file as text; `nil` if there is none, or if it is larger than anybody writes by hand.
    func text(at commit: ObjectID, path: String, maxBytes: Int) async throws -> String? {
        do {
            let bytes = try await file(at: commit, path: path, maxBytes: maxBytes)
            return bytes.map { String(decoding: $0, as: UTF8.self) }
        } catch let error as GitError where error.code == .tooLarge {
            return nil
        }
    }
}
