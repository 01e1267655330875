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
        let packs = "\(git)/objects/pack"
        let isOnTop = try await mirror.perform { interruption in
            for folder in ["objects/pack", "objects/info", "refs/heads", "refs/tags", "info"] {
                try FileManager.default.createDirectory(
                    atPath: "\(git)/\(folder)", withIntermediateDirectories: true)
            }
            guard commit != base, try mirror.holds(base, interruption) else { return false }
            return try mirror.writeSmallPack(of: commit, beyond: base, to: packs, interruption)
        }
        let whole = try await mirror.base(of: isOnTop ? base : commit)
        let head = "\(commit)\n"
        try await Library.pool.run {
            let files = FileManager.default
            for name in try files.contentsOfDirectory(atPath: whole) {
                try files.copyItem(atPath: "\(whole)/\(name)", toPath: "\(packs)/\(name)")
            }
            try files.copyItem(atPath: index, toPath: "\(git)/index")
            let texts = [
                "HEAD": "ref: refs/heads/main\n", "config": Self.configuration, "info/exclude": ToolPatterns.ignored,
                "refs/heads/main": head, "shallow": head,
            ]
            for (name, text) in texts { try Data(text.utf8).write(to: URL(filePath: "\(git)/\(name)")) }
        }
    }

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
        let folder = "\(directory)/bases/\(commit)"
        if utimes(folder, nil) == 0 { return folder }
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
