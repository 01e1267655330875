import Foundation

/// A repository of a shape of its own, the same for the same seed: encodings, line ends, names, modes, links, submodules,
/// attributes, empty files, huge lines, deep folders.
package struct RepositoryShape: Sendable {
    /// A text file in which one line is to be changed.
    package struct Marked: Sendable {
        package let path: String
        /// What to look for, and what to put there.
        package let old: String
        package let new: String
        fileprivate let before: [String]
        fileprivate let after: [String]
        fileprivate let form: Form

        /// The file as it is.
        fileprivate var bytes: [UInt8] { form.bytes(before + [old] + after) }
        /// The file once the line is changed; the new line ends as all others do.
        package var expected: [UInt8] { form.bytes(before + new.components(separatedBy: "\n") + after) }
    }

    /// The other files by path.
    package private(set) var files: [String: [UInt8]] = [:]
    private var executables: Set<String> = []
    private var links: [String: String] = [:]
    /// The files to change.
    package private(set) var marked: [Marked] = []
    /// Where a submodule is.
    package let submodule: String?
    private var random: SeededNumbers

    private static let names = [
        "a", "src", "Łódź", "caf\u{E9}", "cafe\u{301}", "with space", "-dash", "quo\"te", "日本", "UPPER", "upper",
        "tests",
        "x.y.z", "#hash", "!bang", "build", "target", "[set]", "*star", "back\\slash",
        "🙂", "tab\there", "%41", "$HOME", "it's", ".hidden", "core", "env", "coverage",
    ]
    private static let endings = ["\n", "\r\n", "\r"]

    /// The shape that belongs to `seed`.
    package init(seed: UInt64) {
        random = SeededNumbers(seed: seed)
        submodule = seed.isMultiple(of: 3) ? "vendor/lib" : nil
        let count = Int.random(in: 4...14, using: &random)
        for number in 0..<count { add(number) }
        files["empty-\(seed)"] = []
        if seed.isMultiple(of: 4) {
            files[".gitattributes"] = Array("*.big filter=lfs diff=lfs merge=lfs -text\n".utf8)
            files["large.big"] = Array("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n".utf8)
        }
        if seed.isMultiple(of: 5) { links["link"] = "nowhere/at all" }
        if seed.isMultiple(of: 2) { files["binary"] = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 7) } }
    }

    private mutating func add(_ number: Int) {
        let depth = Int.random(in: 0...6, using: &random)
        let folders = (0..<depth).map { _ in Self.names.randomElement(using: &random) ?? "a" }
        let path = (folders + ["\(Self.names.randomElement(using: &random) ?? "f")-\(number).txt"]).joined(
            separator: "/")
        let (old, new) = ("mark \(number) é", "changed \(number) è\nand more")
        let form = Form(&random)
        let before = ["first"] + lines()
        marked.append(Marked(path: path, old: old, new: new, before: before, after: lines(), form: form))
        if Int.random(in: 0..<4, using: &random) == 0 { executables.insert(path) }
    }

    private mutating func lines() -> [String] {
        (0..<Int.random(in: 0...20, using: &random)).map { _ in
            switch Int.random(in: 0..<12, using: &random) {
            case 0: String(repeating: "long ", count: 4000)
            case 1: ""
            case 2: "\ttrailing  "
            default: "naïve line \(Int.random(in: 0...9, using: &random))"
            }
        }
    }

    /// How a file spells its lines.
    fileprivate struct Form: Sendable {
        let encoding: Encoding
        let ending: String
        let endsInNewline: Bool

        init(_ random: inout SeededNumbers) {
            encoding = Encoding.allCases.randomElement(using: &random) ?? .plain
            ending = RepositoryShape.endings.randomElement(using: &random) ?? "\n"
            endsInNewline = Bool.random(using: &random)
        }

        func bytes(_ lines: [String]) -> [UInt8] {
            encoding.bytes(lines.joined(separator: ending) + (endsInNewline ? ending : ""))
        }
    }

    fileprivate enum Encoding: CaseIterable {
        case plain, marked, wide, wideBigEndian, latin

        func bytes(_ text: String) -> [UInt8] {
            switch self {
            case .plain: Array(text.utf8)
            case .marked: [0xEF, 0xBB, 0xBF] + Array(text.utf8)
            case .wide: [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            case .wideBigEndian: [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] }
            case .latin: text.unicodeScalars.map { UInt8($0.value) }
            }
        }
    }

    /// Makes it a repository with one commit on `main`.
    package func write(to folder: TemporaryFolder) async throws {
        for (path, bytes) in files.map({ ($0, $1) }) + marked.map({ ($0.path, $0.bytes) }) {
            let url = URL(filePath: folder.path(path))
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
            if executables.contains(path) {
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
            }
        }
        for (path, target) in links {
            try FileManager.default.createSymbolicLink(atPath: folder.path(path), withDestinationPath: target)
        }
        try await git(folder, "init", "--quiet", "--initial-branch", "main")
        try await git(folder, "add", "--all", "--force")
        if let submodule {
            try await git(
                folder, "update-index", "--add", "--cacheinfo",
                "160000,0123456789012345678901234567890123456789,\(submodule)")
        }
        try await git(folder, "commit", "--quiet", "-m", "Shape")
    }

    @discardableResult
    private func git(_ folder: TemporaryFolder, _ arguments: String...) async throws -> String {
        try await Program.run(
            ["git", "-C", folder.path, "-c", "user.name=A", "-c", "user.email=a@b", "-c", "core.autocrlf=false"]
                + arguments, environment: ["GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"])
    }
}
