/// Folders of a repository that hold what others wrote, or what tests read.
package enum ForeignFolders {
    private static let names: Set<Substring> = [
        "node_modules", "vendor", "third_party", "testdata", "fixtures", "__fixtures__", "site-packages", ".venv",
    ]

    /// Whether `path` lies in one.
    package static func hold(_ path: String) -> Bool { path.split(separator: "/").contains(where: names.contains) }
}
