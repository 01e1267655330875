import Foundation
import Foundations
import TestSupport
import Testing

@testable import Git

@Suite(.timeLimit(.minutes(1)))
struct `What a cut fetch left behind` {
    private static let names = [
        "objects/pack/tmp_pack_a1B2c3", "objects/pack/tmp_idx_a1B2c3", "objects/pack/tmp_rev_a1B2c3",
        "objects/tmp_objdir-incoming-x/pack", "objects/ab/tmp_obj_Xy12", "shallow.lock", "packed-refs.lock",
        "refs/branches/0123.lock", "bases/draft-1/pack", "automata-E621E1F8-C36C-495A-93FC-0C247A3E6E5F",
    ]

    private func leave(in mirror: Mirror, age: Double) throws {
        for name in Self.names {
            let path = URL(filePath: "\(mirror.directory)/\(name)")
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data("left".utf8).write(to: path)
            let old = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: -age)]
            try FileManager.default.setAttributes(old, ofItemAtPath: path.path)
            for folder in ["tmp_objdir-incoming-x", "draft-1"] where name.contains(folder) {
                try FileManager.default.setAttributes(old, ofItemAtPath: path.deletingLastPathComponent().path)
            }
        }
    }

    private func left(in mirror: Mirror) -> [String] {
        Self.names.filter { FileManager.default.fileExists(atPath: "\(mirror.directory)/\($0)") }
    }

    @Test func `is swept when it is old and nobody has it open`() async throws {
        let host = try Host()
        let remote = try await GitRemote()
        let (mirror, base, url) = try await host.fetched(remote)
        try leave(in: mirror, age: 60)
        _ = try await host.store.sweep(maxBytes: 1 << 40, maxAge: .seconds(3600))
        #expect(left(in: mirror) == Self.names)

        try leave(in: mirror, age: 7200)
        let held = try #require(FileHandle(forReadingAtPath: "\(mirror.directory)/\(Self.names[0])"))
        _ = try await host.store.sweep(maxBytes: 1 << 40, maxAge: .seconds(3600))
        #expect(left(in: mirror) == [Self.names[0]])
        try held.close()
        _ = try await host.store.sweep(maxBytes: 1 << 40, maxAge: .seconds(3600))
        #expect(left(in: mirror).isEmpty)
        #expect(try await mirror.contains(base))
        #expect(try await mirror.fetch(remote: url, branch: RefName("main")) == base)
    }

    @Test func `stays while it is open, by whatever link the mirror is found`() async throws {
        let host = try Host()
        let (mirror, _, _) = try await host.fetched(try await GitRemote())
        try leave(in: mirror, age: 7200)
        let link = host.folder.path("link")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: mirror.directory)
        let held = try #require(FileHandle(forReadingAtPath: "\(mirror.directory)/\(Self.names[0])"))
        Leftovers.remove(from: link, olderThan: .seconds(3600))
        #expect(left(in: mirror) == [Self.names[0]])
        try held.close()
    }

    @Test func `of gigabytes does not wait for the sweep where the next fetch comes first`() async throws {
        let host = try Host()
        let remote = try await GitRemote()
        let (mirror, _, url) = try await host.fetched(remote)
        try leave(in: mirror, age: 61)
        try await remote.commit(["b": "2"], message: "more")
        _ = try await mirror.fetch(remote: url, branch: RefName("main"))
        #expect(left(in: mirror).filter { $0.hasPrefix("objects/pack/") }.isEmpty)
    }
}
