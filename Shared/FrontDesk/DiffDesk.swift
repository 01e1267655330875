import Contracts
import FoundationEssentials
import Foundations
import Synchronization

/// The work that is kept of a task, as a patch.
package struct KeptPatch: Sendable, Hashable {
    package let base: String
    package let head: String
    /// The changed files, as the answer tells them.
    package let files: [JSONValue]
    package let patch: String
    /// Whether the patch leaves something out.
    package let isTruncated: Bool

    package init(base: String, head: String, files: [JSONValue], patch: String, isTruncated: Bool) {
        self.base = base
        self.head = head
        self.files = files
        self.patch = patch
        self.isTruncated = isTruncated
    }
}

/// Finds the work that is kept of tasks.
package protocol PatchSource: Sendable {
    /// The commit that the kept work ends with. Throws a ``SubmissionRefusal`` that says why there is none.
    func head(of address: TaskAddress) async throws -> String
    /// The work up to that commit.
    func patch(of address: TaskAddress, upTo head: String) async throws -> KeptPatch
}

/// Answers `diff` with a part of the patch: the asker sets the pace, and names where it goes on and of which commit, so
/// that any replica can answer.
package struct DiffDesk: Desk {
    /// Bytes of a part: as JSON text it can be six times as long, and has to fit into a message.
    package static let partBytes = 128 << 10
    /// The most bytes of the list of changed files.
    private static let filesBytes = 128 << 10
    /// The most bytes of patches that are kept for who asks for the next part, the newest aside.
    private static let keptBytes = 64 << 20

    package let type = RequestType.diff
    private let source: any PatchSource
    private let recent = Recent()

    /// What was handed out last, the newest last.
    private final class Recent: Sendable {
        let patches = Mutex<[(address: TaskAddress, patch: KeptPatch)]>([])
    }

    package init(_ source: any PatchSource) { self.source = source }

    package func answer(_ message: ClientMessage, about address: TaskAddress) async throws -> Reply {
        let request = try DiffRequest(decoding: message.body)
        let head = try await source.head(of: address)
        guard request.head ?? head == head else {
            throw SubmissionRefusal(code: "conflict", field: "head", reason: "the work has gone on: begin anew")
        }
        let patch = try await patch(of: address, upTo: head)
        guard request.offset <= patch.patch.utf8.count else {
            throw FieldError(path: "offset", reason: "behind the end of the patch")
        }
        return .ok(Self.part(of: patch, from: request.offset))
    }

    private static func part(of patch: KeptPatch, from offset: Int) -> [String: JSONValue] {
        let (text, next) = patch.patch.part(from: offset, bytes: partBytes)
        return [
            "base_commit": .string(patch.base), "head_commit": .string(patch.head), "patch": .string(text),
            "files": .array(files(patch)), "files_changed": .int(patch.files.count),
            "truncated": .bool(patch.isTruncated), "offset": next.map(JSONValue.int) ?? .null,
        ]
    }

    /// As many as fit.
    private static func files(_ patch: KeptPatch) -> [JSONValue] {
        var bytes = 0
        return Array(
            patch.files.prefix { file in
                bytes += (try? file.data().count) ?? 0
                return bytes <= filesBytes
            })
    }

    private func patch(of address: TaskAddress, upTo head: String) async throws -> KeptPatch {
        let known = recent.patches.withLock { kept in
            kept.last(where: { $0.address == address && $0.patch.head == head })?.patch
        }
        if let known { return known }
        let patch = try await source.patch(of: address, upTo: head)
        recent.patches.withLock { kept in
            kept.append((address, patch))
            while kept.count > 1, kept.reduce(0, { $0 + $1.patch.patch.utf8.count }) > Self.keptBytes || kept.count > 16
            {
                kept.removeFirst()
            }
        }
        return patch
    }
}

extension String {
    /// At most `bytes` of UTF-8 from the character at `offset`, and where the next part begins if there is one.
    fileprivate func part(from offset: Int, bytes: Int) -> (text: String, next: Int?) {
        let start = whole(utf8.index(startIndex, offsetBy: offset))
        let end = utf8.index(start, offsetBy: bytes, limitedBy: endIndex).map(whole) ?? endIndex
        let next = end < endIndex ? utf8.distance(from: startIndex, to: end) : nil
        return (String(unicodeScalars[start..<end]), next)
    }

    /// The beginning of the scalar that an index is in.
    private func whole(_ index: Index) -> Index {
        var index = index
        while index.samePosition(in: unicodeScalars) == nil { index = utf8.index(before: index) }
        return index
    }
}
