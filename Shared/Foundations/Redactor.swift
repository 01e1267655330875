import FoundationEssentials
import Synchronization

/// Replaces known secrets in text: as they are, URL-encoded, and in base64.
///
/// It is the last line of defence, for text that comes from elsewhere (an error of git, the body of a failed reply).
/// What a text costs does not grow with the number of secrets.
package final class Redactor: Sendable {
    private struct State {
        var needles = Needles()
        var owners: [String: Owner] = [:]
    }

    /// Somebody whose secrets are known only while it is at work.
    private struct Owner {
        var uses = 0
        var secrets: [Secret] = []
    }

    private let state = Mutex(State())

    package init(_ secrets: [Secret] = []) {
        for secret in secrets { add(secret) }
    }

    /// Adds a secret for good. Values under 4 bytes are ignored: replacing them would garble ordinary text.
    package func add(_ secret: Secret) {
        let forms = Self.forms(of: secret)
        state.withLock { $0.needles.insert(forms) }
    }

    /// Adds secrets of `owner`, for as long as a call of ``remembering(_:_:)`` for it goes on.
    package func add(_ secrets: [Secret], of owner: String) {
        state.withLock { state in
            guard let known = state.owners[owner]?.secrets else { return }
            let fresh = secrets.filter { !known.contains($0) }
            state.owners[owner]?.secrets += fresh
            for secret in fresh { state.needles.insert(Self.forms(of: secret)) }
        }
    }

    /// Keeps the secrets of `owner` known until the last `body` for it has ended.
    package func remembering<T>(
        _ owner: String, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> T
    ) async rethrows -> T {
        state.withLock { $0.owners[owner, default: Owner()].uses += 1 }
        defer { release(owner) }
        return try await body()
    }

    private func release(_ owner: String) {
        state.withLock { state in
            state.owners[owner]?.uses -= 1
            guard let done = state.owners[owner], done.uses == 0 else { return }
            state.owners[owner] = nil
            for secret in done.secrets { state.needles.remove(Self.forms(of: secret)) }
        }
    }

    /// `text` with every known secret replaced by `<redacted>`.
    package func redact(_ text: String) -> String {
        let needles = state.withLock { $0.needles }
        var text = text
        return text.withUTF8 { needles.redacted($0) } ?? text
    }

    private static func forms(of secret: Secret) -> [[UInt8]] {
        let value = secret.reveal()
        guard value.utf8.count >= Needles.shortest else { return [] }
        return [value, Data(value.utf8).base64EncodedString(), value.percentEncoded].map { Array($0.utf8) }
    }
}

/// Texts to look for, by bytes: a character that combines with the one before it must not hide a secret.
private struct Needles {
    static let shortest = 4
    /// Each needle and how often it was inserted: two tasks may hold the same secret.
    private var uses: [[UInt8]: Int] = [:]
    /// The needles by their first four bytes, the longest first.
    private var byStart: [UInt32: [[UInt8]]] = [:]
    /// How many needles begin with a byte. Most bytes of a text begin none.
    private var firstBytes = [Int](repeating: 0, count: 256)

    mutating func insert(_ needles: [[UInt8]]) {
        for needle in needles {
            uses[needle, default: 0] += 1
            guard uses[needle] == 1 else { continue }
            firstBytes[Int(needle[0])] += 1
            byStart[Self.start(needle, 0), default: []].append(needle)
            byStart[Self.start(needle, 0)]?.sort { $0.count > $1.count }
        }
    }

    mutating func remove(_ needles: [[UInt8]]) {
        for needle in needles {
            guard let count = uses[needle] else { continue }
            uses[needle] = count == 1 ? nil : count - 1
            guard count == 1 else { continue }
            firstBytes[Int(needle[0])] -= 1
            let start = Self.start(needle, 0)
            byStart[start]?.removeAll { $0 == needle }
            if byStart[start]?.isEmpty == true { byStart[start] = nil }
        }
    }

    /// The text without its secrets, `nil` if it holds none.
    func redacted(_ text: UnsafeBufferPointer<UInt8>) -> String? {
        let found = ranges(in: text)
        guard !found.isEmpty else { return nil }
        var clean: [UInt8] = []
        var end = 0
        for range in found {
            clean += text[end..<range.lowerBound]
            clean += "<redacted>".utf8
            end = range.upperBound
        }
        return String(decoding: clean + text[end...], as: UTF8.self)
    }

    /// Where secrets lie; those that overlap as one range.
    private func ranges(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        guard !uses.isEmpty, text.count >= Self.shortest else { return [] }
        var found: [Range<Int>] = []
        for index in 0...(text.count - Self.shortest) where firstBytes[Int(text[index])] > 0 {
            guard let needle = byStart[Self.start(text, index)]?.first(where: { text[index...].starts(with: $0) })
            else {
                continue
            }
            let range = index..<index + needle.count
            if let last = found.last, last.upperBound > index {
                found[found.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                found.append(range)
            }
        }
        return found
    }

    private static func start(_ bytes: some Collection<UInt8>, _ index: Int) -> UInt32 {
        bytes.dropFirst(index).prefix(shortest).reduce(0) { $0 << 8 | UInt32($1) }
    }
}
