import CGit2
import FoundationEssentials
import Foundations

// Commits travel as packs: a commit with its files, without history, thin against what the other side has.
extension Mirror {
    /// A pack of the commit `want` and its files, without those of the commits in `have`, and with deltas against them.
    ///
    /// Commits of `have` that are not here are ignored. The bytes may be mapped from a file. Throws
    /// ``GitError/Code/objectNotFound`` if `want` is not here.
    package func pack(want: ObjectID, have: [ObjectID] = []) async throws -> Data {
        let (known, small) = try await perform { interruption in
            try self.require(want, interruption)
            let known = try have.filter { try self.holds($0, interruption) }
            // Of several commits git finds what gives the best deltas.
            let base = known.count == 1 ? known.first : nil
            return (known, try base.flatMap { try self.smallPack(of: want, beyond: $0, interruption) })
        }
        if let small { return small }
        // As if neither side had any history: the other side may hold a commit without its parents.
        let lines = ([want] + known).map { "--shallow \($0)" } + ["\(want)"] + known.map { "^\($0)" }
        let input = try TemporaryFile(in: directory, holding: Data((lines.joined(separator: "\n") + "\n").utf8))
        let output = try TemporaryFile(in: directory)
        let arguments = ["pack-objects", "--quiet", "--thin", "--shallow", "--revs", "--delta-base-offset", "--stdout"]
        let outcome = try await GitProgram(directory: directory).run(arguments, input: input, output: output)
        try check(outcome, "cannot pack commit \(want)")
        return try output.contents()
    }

    /// Adds the objects of a pack that ``pack(want:have:)`` made for the commit `head`, here or on another host.
    ///
    /// Throws ``GitError/Code/corrupt`` if the pack is damaged, or if the commit is not complete afterwards.
    package func add(pack: Data, head: ObjectID) async throws {
        guard pack.count >= 32, pack.prefix(4) == Data("PACK".utf8) else {
            throw GitError(.corrupt, "the objects of commit \(head) are not a pack")
        }
        if let isShallow = try await addWholeObjects(of: pack, head: head) {
            try await record(head, isShallow: isShallow)
        } else {
            try await record(head, isShallow: try await addByGit(pack, head: head))
        }
    }

    /// Stores the objects of a small pack: starting git costs more than the work. Returns whether the commit came without
    /// its parents; `nil` for any other pack.
    private func addWholeObjects(of pack: Data, head: ObjectID) async throws -> Bool? {
        try await perform { interruption -> Bool? in
            guard let all = pack.withUnsafeBytes({ WholeObjects.read($0) }) else { return nil }
            for object in all {
                try object.bytes.withUnsafeBytes { _ = try self.objects.store($0, as: object.type) }
            }
            return try self.cameWithoutParents(head, interruption)
        }
    }

    /// Returns whether the commit came without its parents.
    private func addByGit(_ pack: Data, head: ObjectID) async throws -> Bool {
        let count = pack.dropFirst(8).prefix(4).reduce(0) { $0 << 8 | Int($1) }
        // Few objects become files of their own, as in any push: hundreds of small packs would slow every look-up.
        let arguments =
            count < 200 ? ["unpack-objects", "-q"] : ["index-pack", "--stdin", "--fix-thin", "--threads=2"]
        let input = try TemporaryFile(in: directory, holding: pack)
        let program = GitProgram(directory: directory, timeout: .seconds(600), isBounded: true)
        let outcome = try await program.run(arguments, input: input)
        try check(
            outcome, "the objects of commit \(head) are damaged or lack what they build on", otherwise: .corrupt)
        return try await perform { try self.cameWithoutParents(head, $0) }
    }

    /// Whether a commit came without its parents. Throws ``GitError/Code/corrupt`` if it did not come as a whole.
    private func cameWithoutParents(_ head: ObjectID, _ interruption: Interruption) throws -> Bool {
        guard try holds(head, interruption) else { throw GitError(.corrupt, "commit \(head) arrived incomplete") }
        return try lacksParents(head)
    }

    private func record(_ head: ObjectID, isShallow: Bool) async throws {
        let lock = try await exclusiveAccess()
        if isShallow { try Self.append(head, to: shallowFile) }
        try noteArrival(of: head)
        withExtendedLifetime(lock) {}
    }

    /// Commits that came here whole, the latest first: what to offer as `have`.
    package func knownCommits(limit: Int = 16) async throws -> [ObjectID] {
        try await perform { interruption in
            try Self.commits(in: self.arrivalsFile).suffix(limit).reversed().filter { try self.holds($0, interruption) }
        }
    }

    /// Throws the cause unless the run succeeded. It may have been that an object is missing that was here.
    func check(_ outcome: GitProgram.Outcome, _ what: String, otherwise code: GitError.Code = .other) throws {
        if !outcome.isSuccess { doubt() }
        try outcome.check(what, otherwise: code)
    }

    // MARK: Lists of commits

    /// Commits whose parents are not here. git reads this file, and calls the repository broken without it.
    private var shallowFile: String { "\(directory)/shallow" }

    /// Commits in the order they came.
    private var arrivalsFile: String { "\(directory)/automata-arrivals" }

    /// Call under ``exclusiveAccess()``.
    func noteArrival(of commit: ObjectID) throws { try Self.append(commit, to: arrivalsFile, keeping: 200) }

    private static func commits(in file: String) throws -> [ObjectID] {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap { ObjectID($0) }
    }

    private static func append(_ commit: ObjectID, to file: String, keeping limit: Int = .max) throws {
        let lines = (try commits(in: file).filter { $0 != commit } + [commit]).suffix(limit).map { "\($0)\n" }
        try Data(lines.joined().utf8).write(to: URL(filePath: file), options: .atomic)
    }

    private func lacksParents(_ commit: ObjectID) throws -> Bool {
        try objects.withRepository { repository in
            var oid = commit.raw
            let handle = try Handle("cannot read commit \(commit)", free: git_commit_free) {
                git_commit_lookup($0, repository, &oid)
            }
            return (0..<git_commit_parentcount(handle.raw)).contains { index in
                git_odb_exists(objects.raw, git_commit_parent_id(handle.raw, index)) != 1
            }
        }
    }
}
