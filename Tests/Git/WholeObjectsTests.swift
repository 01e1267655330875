import Foundation
import Foundations
import TestSupport
import Testing

@testable import Git

@Suite(.timeLimit(.minutes(2)))
struct `A small pack` {
    private let hosts = Hosts()

    /// A stream of zlib that holds `bytes` as they are.
    private static func stream(_ bytes: [UInt8], checksum change: UInt32 = 0) -> [UInt8] {
        let length = UInt16(bytes.count)
        var (a, b) = (UInt32(1), UInt32(0))
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        let sum = (b << 16 | a) ^ change
        return [0x78, 0x01, 0x01, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8)]
            + bytes + (0..<4).map { UInt8(sum >> (24 - 8 * $0) & 255) }
    }

    /// An object as packs hold it: its type and the size that it claims to have, of up to 11 bits.
    private static func object(_ type: UInt8, size: Int? = nil, _ bytes: [UInt8], checksum: UInt32 = 0) -> [UInt8] {
        let size = size ?? bytes.count
        return [128 | type << 4 | UInt8(size & 15), UInt8(size >> 4 & 127)] + stream(bytes, checksum: checksum)
    }

    private static func pack(_ objects: [UInt8]..., count: Int? = nil, version: UInt8 = 2) -> [UInt8] {
        Array("PACK".utf8) + [0, 0, 0, version, 0, 0, 0, UInt8(count ?? objects.count)] + objects.flatMap(\.self)
            + [UInt8](repeating: 0, count: 20)
    }

    private static func read(_ pack: [UInt8]) -> [String]? {
        pack.withUnsafeBytes { WholeObjects.read($0) }?.map {
            "\($0.kind) \(String(decoding: $0.bytes, as: UTF8.self))"
        }
    }

    @Test func `gives its objects, also one without bytes`() {
        let (one, two) = (Self.object(3, Array("hello".utf8)), Self.object(2, []))
        #expect(Self.read(Self.pack(one, two)) == ["3 hello", "2 "])
        #expect(Self.read(Self.pack()) == [])
        let long = [UInt8](repeating: 65, count: 2000)
        #expect(Self.read(Self.pack(Self.object(1, long))) == ["1 " + String(repeating: "A", count: 2000)])
    }

    @Test func `with anything else in it is left to git`() {
        let hello = Array("hello".utf8)
        let whole = Self.object(3, hello)
        let others: [(String, [UInt8])] = [
            ("says too little of a size", Self.pack(Self.object(3, size: 4, hello))),
            ("says too much of a size", Self.pack(Self.object(3, size: 6, hello))),
            ("a delta", Self.pack(Self.object(6, hello))), ("a delta", Self.pack(Self.object(7, hello))),
            ("a tag", Self.pack(Self.object(4, hello))), ("no type", Self.pack(Self.object(0, hello))),
            ("more than it says", Self.pack(whole, whole, count: 1)),
            ("less than it says", Self.pack(whole, count: 2)),
            ("damaged", Self.pack(Self.object(3, hello, checksum: 1))),
            ("another version", Self.pack(whole, version: 3)), ("many", Self.pack(whole, count: 200)),
            ("nothing", []), ("no pack", Array("PACK".utf8)),
        ]
        for (what, pack) in others { #expect(Self.read(pack) == nil, "\(what)") }
        for length in 0..<Self.pack(whole).count { #expect(Self.read(Array(Self.pack(whole).prefix(length))) == nil) }
    }

    @Test func `cannot stand for more memory than its size lets it`() {
        // Claims of gigabytes, and of sizes that no number holds.
        for head: [UInt8] in [[0xBF, 0xFF, 0xFF, 0xFF, 0x7F], [0xBF] + [UInt8](repeating: 0xFF, count: 20)] {
            #expect(Self.read(Self.pack(head + Self.stream([1]))) == nil)
        }
    }

    @Test func `that is a checkpoint becomes objects of the mirror without git`() async throws {
        let remote = try await GitRemote(files: ["a": "1", "dir/b": "2"])
        let one = try hosts.new()
        let (mirror, base, _) = try await one.fetched(remote)
        let tree = try await WorkTree.checkout(
            mirror: mirror, commit: base, at: one.workPath(), sandboxRepository: false)
        try write(["dir/c": "new\n", "empty": ""], in: tree.directory)
        let head = try #require(try await tree.snapshot(parent: base, message: "m", date: someDate).commit)
        let pack = try await mirror.pack(want: head, have: [base])
        let objects = try #require(pack.withUnsafeBytes { WholeObjects.read($0) })
        // The commit, two folders, two files.
        #expect(objects.count == 5)

        let other = try await hosts.new().fetched(remote).mirror
        #expect(try await other.contains(head) == false)
        try await other.add(pack: pack, head: head)
        #expect(try await other.file(at: head, path: "dir/c", maxBytes: 9) == Data("new\n".utf8))
        #expect(try await other.knownCommits().first == head)
        let listed = try await Program.run(["git", "--git-dir", other.directory, "ls-tree", "-r", "\(head)"])
        #expect(listed.split(separator: "\n").count == 4)
    }
}
