import Contracts
import Foundation
import Foundations
import FrontDesk
import Synchronization
import Testing

@Suite struct DiffDeskTests {
    private static let head = String(repeating: "2", count: 40)

    private func fixture(_ patch: String, files: [JSONValue] = []) throws -> FrontDeskFixture {
        let fixture = try FrontDeskFixture()
        let kept = KeptPatch(
            base: String(repeating: "1", count: 40), head: Self.head, files: files, patch: patch, isTruncated: false)
        fixture.record.state.withLock { $0.patches[FrontDeskFixture.address] = kept }
        return fixture
    }

    /// The patch part by part, and how many parts it took.
    private func whole(_ fixture: FrontDeskFixture) async throws -> (patch: String, parts: Int) {
        var (patch, parts, request) = ("", 0, DiffRequest())
        while true {
            let fields = try await fixture.ask(.diff, request.json).fields()
            #expect(try JSONValue.object(fields).data().count < 1 << 20)
            #expect(fields["head_commit"] == .string(Self.head) && fields["truncated"] == false)
            patch += fields["patch"]?.stringValue ?? ""
            parts += 1
            guard let offset = fields["offset"]?.intValue else { return (patch, parts) }
            request = DiffRequest(head: Self.head, offset: offset)
        }
    }

    @Test(arguments: [0, 1, DiffDesk.partBytes, DiffDesk.partBytes + 1, 3 * DiffDesk.partBytes + 17])
    func `a patch of any size is the same in parts, and put together once`(_ bytes: Int) async throws {
        for unit in ["x", "\u{1}", "é", "\u{1F600}\u{301}", "\r\n"] {
            let patch = String(repeating: unit, count: bytes / unit.utf8.count)
            let fixture = try fixture(patch)
            let read = try await whole(fixture)
            #expect(read.patch == patch)
            #expect(read.parts <= bytes / DiffDesk.partBytes + 1)
            #expect(fixture.record.state.withLock { $0.patchesMade } == 1)
        }
    }

    @Test func `files are told as far as they fit, and counted`() async throws {
        let files = (0..<5000).map { JSONValue.object(["path": .string("\($0)" + String(repeating: "p", count: 100))]) }
        let fields = try await fixture("", files: files).ask(.diff).fields()
        #expect(fields["files_changed"] == 5000)
        #expect((100..<5000).contains(fields["files"]?.arrayValue?.count ?? 0))
    }

    @Test func `work that has gone on is not mixed with what it was`() async throws {
        let fixture = try fixture("patch")
        let other = DiffRequest(head: String(repeating: "3", count: 40), offset: 1)
        #expect(try await fixture.ask(.diff, other.json).code() == "conflict")
        #expect(try await fixture.ask(.diff, DiffRequest(offset: 6).json).code() == "invalid_request")
        #expect(try await fixture.ask(.diff, DiffRequest(offset: 5).json).fields()["patch"] == "")
        #expect(try await FrontDeskFixture().ask(.diff).code() == "not_found")
    }
}
