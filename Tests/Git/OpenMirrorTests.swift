import Foundation
import Foundations
import TestSupport
import Testing

@testable import Git

@Suite(.timeLimit(.minutes(2)))
struct `A mirror that was used` {
    private let hosts = Hosts()

    /// Mirrors that nobody else holds on to.
    private func mirrors(_ count: Int) async throws -> [Mirror] {
        let folder = try hosts.new().folder
        var mirrors: [Mirror] = []
        for number in 0..<count {
            let url = try RemoteURL("/r\(number)", allowLocal: true)
            var mirror = try await MirrorStore(home: folder.path("home")).mirror(
                company: try #require(CompanyID("acme")), remote: url)
            // The store that opened it is let go of by another thread.
            while !isKnownUniquelyReferenced(&mirror) { await Task.yield() }
            mirrors.append(mirror)
        }
        return mirrors
    }

    private func openMirrors(_ count: Int) async throws -> OpenMirrors {
        var open = OpenMirrors()
        for (number, mirror) in try await mirrors(count).enumerated() { _ = open.use("\(number)", opened: mirror) }
        return open
    }

    @Test func `is open for a while, and longer while it is in use`() async throws {
        var open = try await openMirrors(2)
        open.letGo(unusedFor: OpenMirrors.time, at: .now + .seconds(50))
        #expect(open.count == 2)
        var used = open.use("0")
        open.letGo(unusedFor: OpenMirrors.time, at: .now + .seconds(70))
        var (first, second) = (open.use("0"), open.use("1"))
        #expect(first != nil && first === used && second == nil)
        (first, second, used) = (nil, nil, nil)
        open.letGo(unusedFor: OpenMirrors.time, at: .now + .seconds(300))
        first = open.use("0")
        #expect(open.count == 0 && first == nil)
    }

    @Test func `makes room for others, but is found for as long as it is in use`() async throws {
        var open = try await openMirrors(2)
        let used = open.use("0")
        for (number, mirror) in try await mirrors(OpenMirrors.most).enumerated() {
            _ = open.use("other \(number)", opened: mirror)
        }
        #expect(open.count == OpenMirrors.most)
        let (first, second) = (open.use("0"), open.use("1"))
        #expect(first != nil && first === used && second == nil)
    }

    @Test func `is looked after by one watch at a time`() async throws {
        var open = try await openMirrors(1)
        let begins = [open.beginWatch(), open.beginWatch()]
        open.letGo(unusedFor: .zero)
        let later = [open.beginWatch(), open.goOnWatching(), open.beginWatch()]
        #expect(begins == [true, false] && later == [false, false, false])
    }

    @Test func `serves who comes next with what is known of it, and is let go of for a sweep`() async throws {
        let host = try hosts.new()
        let remote = try await GitRemote()
        let base = try await host.fetched(remote).base
        let url = try RemoteURL(remote.url, allowLocal: true)
        #expect(try await host.mirror(url).knownTree(of: base) != nil)
        try await eventually("the sweep") {
            try await host.store.sweep(maxBytes: 0, maxAge: .seconds(3600)) == 1
        }
        #expect(try await host.mirror(url).contains(base) == false)
    }

    @Test func `is opened anew after it lacked an object`() async throws {
        let host = try hosts.new()
        let remote = try await GitRemote()
        let (mirror, base, url) = try await host.fetched(remote)
        let tree = try await WorkTree.checkout(
            mirror: mirror, commit: base, at: host.workPath(), sandboxRepository: false)
        try write(["b": "two"], in: tree.directory)
        let head = try #require(try await tree.snapshot(parent: base, message: "m", date: someDate).commit)
        #expect(try await host.mirror(url) === mirror)
        let id = try await Program.run(["git", "hash-object", "--stdin"], input: "two").trimmed
        try FileManager.default.removeItem(atPath: "\(mirror.directory)/objects/\(id.prefix(2))/\(id.dropFirst(2))")
        let error = await #expect(throws: GitError.self) {
            try await mirror.file(at: head, path: "b", maxBytes: 99)
        }
        #expect(error?.code == .objectNotFound)
        #expect(try await mirror.contains(head) == false)
        let next = try await host.mirror(url)
        #expect(next !== mirror)
        #expect(try await next.contains(head) == false)
        #expect(try await next.contains(base))
    }

    @Test func `is made anew where its folder is gone`() async throws {
        let host = try hosts.new()
        let remote = try await GitRemote()
        let (mirror, base, url) = try await host.fetched(remote)
        try FileManager.default.removeItem(atPath: mirror.directory)
        #expect(try await host.mirror(url).contains(base) == false)
        #expect(try await host.fetched(remote).base == base)
    }

    @Test func `lends a repository to one call at a time, and the same to the next`() async throws {
        let objects = try await hosts.new().fetched(GitRemote()).mirror.objects
        let first = try objects.withRepository { $0 }
        try objects.withRepository { outer in
            #expect(outer == first)
            try objects.withRepository { #expect($0 != outer) }
        }
        #expect(throws: CancellationError.self) { try objects.withRepository { _ in throw CancellationError() } }
        // Also after a call that failed there is one.
        _ = try objects.withRepository { $0 }
    }

    @Test func `remembers what was made of a commit, each kind once, until it is in doubt`() async throws {
        let (mirror, base, _) = try await hosts.new().fetched(GitRemote())
        let made = Recorder<String>()
        func text() async throws -> String {
            try await mirror.remembering(of: base) {
                made.record("text")
                return "\(made.count)"
            }
        }
        #expect(try await [text(), text()] == ["1", "1"])
        #expect(try await mirror.remembering(of: base) { 7 } == 7)
        mirror.doubt()
        #expect(try await text() == "2")
    }
}
