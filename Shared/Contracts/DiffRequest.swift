import FoundationEssentials
import Foundations

/// What a client wants of the work that is kept of a task, on the subject `…diff`: a part of it as a patch.
///
/// The answer is `{"ok": true, "base_commit", "head_commit", "files", "files_changed", "truncated", "patch", "offset"}`.
/// `patch` is a part; the next one begins at `offset`, which is null at the end. Parts are of one patch as long as the
/// request names the `head` of the first: where the work has gone on meanwhile, it is refused as a `conflict`.
package struct DiffRequest: Sendable, Hashable {
    /// The `head_commit` of the answers before; `nil` for the first part.
    package var head: String?
    /// In bytes of UTF-8.
    package var offset: Int

    package init(head: String? = nil, offset: Int = 0) {
        self.head = head
        self.offset = offset
    }

    package init(decoding body: Data) throws(FieldError) {
        // The first part needs no body.
        let fields = try FieldReader(body.isEmpty ? .object([:]) : JSONValue(message: body))
        head = try fields.optionalString("head", atMost: 64)
        offset = try fields.optionalInt("offset", in: 0...Int.max) ?? 0
    }

    package var json: JSONValue { ["head": .optional(head), "offset": .int(offset)] }
}
