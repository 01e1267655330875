import FoundationEssentials
import Foundations
import Glibc

/// A throw-away repository for commands: one commit with its files, no history, no remote, nothing of the mirror.
struct SandboxRepository: Sendable {
    let mirror: Mirror
    let commit: ObjectID
    /// A commit whose pack other repositories use too; `commit` adds little to it.
    let base: ObjectID

    /// Makes `.git` in `directory`; `index` is a copy of what `git status` compares with.
    func create(in directory: String, index: String) async throws {
        let git = "\(directory)/.git"
        do {
            try await fill(git, index: index)
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile || error.code == .fileNoSuchFile {
            // The pack was swept away between two steps.
            try? FileManager.default.removeItem(atPath: git)
            try await fill(git, index: index)
        }
    }

    private func fill(_ git: String, index: String) async throws {
        // In one call where the pack of the base is there, as a rule.
        let unpacked = try await mirror.perform { interruption -> ObjectID? in
            let below = try begin(git, interruption)
            guard let whole = mirror.knownBase(of: below) else { return below }
            try finish(git, with: whole, index: index)
            return nil
        }
        guard let unpacked else { return }
        let whole = try await mirror.base(of: unpacked)
        try await Library.pool.run { try finish(git, with: whole, index: index) }
    }

    /// Makes the folders, and the pack of what the commit adds to the base if that is little. Returns the commit whose
    /// whole pack is wanted below. Blocking.
    private func begin(_ git: String, _ interruption: Interruption) throws -> ObjectID {
        for folder in ["objects/pack", "objects/info", "refs/heads", "refs/tags", "info"] {
            try FileManager.default.createDirectory(atPath: "\(git)/\(folder)", withIntermediateDirectories: true)
        }
        guard commit != base, try mirror.holds(base, interruption),
            try mirror.writeSmallPack(of: commit, beyond: base, to: Self.packs(git), interruption)
        else { return commit }
        return base
    }

    /// Blocking.
    private func finish(_ git: String, with whole: String, index: String) throws {
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: whole) {
            try files.copyItem(atPath: "\(whole)/\(name)", toPath: "\(Self.packs(git))/\(name)")
        }
        try files.copyItem(atPath: index, toPath: "\(git)/index")
        let head = "\(commit)\n"
        let texts = [
            "HEAD": "ref: refs/heads/main\n", "config": Self.configuration, "info/exclude": ToolPatterns.ignored,
            "refs/heads/main": head, "shallow": head,
        ]
        for (name, text) in texts { try Data(text.utf8).write(to: URL(filePath: "\(git)/\(name)")) }
    }

    private static func packs(_ git: String) -> String { "\(git)/objects/pack" }

    private static let configuration = """
        [core]
        \trepositoryformatversion = 0
        \tfilemode = true
        \tbare = false
        [user]
        \tname = \(Author.automata.name)
        \temail = \(Author.automata.email)
        [gc]
        \tauto = 0

        """
}

extension Mirror {
    /// How many packs of single commits a mirror keeps for the repositories of commands.
    private static let basesKept = 8

    /// A folder with a pack and its index of just `commit` and its files, made once per commit.
    func base(of commit: ObjectID) async throws -> String {
        if let folder = knownBase(of: commit) { return folder }
        let folder = baseFolder(of: commit)
        let draft = "\(directory)/bases/draft-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: draft, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: draft) }
        let input = try TemporaryFile(in: directory, holding: Data("--shallow \(commit)\n\(commit)\n".utf8))
        let outcome = try await GitProgram(directory: directory, timeout: .seconds(600))
            .run(["pack-objects", "--quiet", "--revs", "--delta-base-offset", "\(draft)/pack"], input: input)
        try check(outcome, "cannot pack commit \(commit)")
        // Whoever is first wins; the packs are the same.
        rename(draft, folder)
        trimBases()
        return folder
    }

    /// That folder if it is there; from now on it counts as used.
    func knownBase(of commit: ObjectID) -> String? {
        let folder = baseFolder(of: commit)
        return utimes(folder, nil) == 0 ? folder : nil
    }

    private func baseFolder(of commit: ObjectID) -> String { "\(directory)/bases/\(commit)" }

    private func trimBases() {
        let files = FileManager.default
        let names = (try? files.contentsOfDirectory(atPath: "\(directory)/bases")) ?? []
        let dated = names.filter { ObjectID($0) != nil }.map { name in
            let path = "\(directory)/bases/\(name)"
            let date = (try? files.attributesOfItem(atPath: path))?[.modificationDate] as? Date
            return (path: path, date: date ?? .distantPast)
        }
        for base in dated.sorted(by: { $0.date > $1.date }).dropFirst(Self.basesKept) {
            try? files.removeItem(atPath: base.path)
        }
    }
}
