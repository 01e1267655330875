/// The rules for subjects and names on the bus.
///
/// The client library passes subjects on as they are: white space or a line break in one would become protocol of its
/// own. So every subject is checked here before it reaches the library.
package enum Subject {
    /// The longest subject that is accepted, in bytes. The server's limit for a whole protocol line is 4,096.
    package static let maximumLength = 1024

    /// Throws unless `subject` can be published to: printable ASCII, no empty token, no wildcard.
    package static func validate(_ subject: String) throws(BusError) {
        guard isPlain(subject), !subject.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: ">") })
        else { throw BusError(.invalidSubject, "a subject is empty, too long, or has a character that is not allowed") }
    }

    /// Throws unless `pattern` can be subscribed to: as ``validate(_:)``, but `*` may stand for a token and `>` for
    /// the rest.
    package static func validatePattern(_ pattern: String) throws(BusError) {
        let tokens = pattern.split(separator: ".", omittingEmptySubsequences: false)
        let wildcardsStandAlone = tokens.enumerated().allSatisfy { index, token in
            if token == ">" { return index == tokens.count - 1 }
            return token == "*" || !token.contains { $0 == "*" || $0 == ">" }
        }
        guard isPlain(pattern), wildcardsStandAlone else {
            throw BusError(.invalidSubject, "a subject pattern is empty, too long, or not well formed")
        }
    }

    /// Throws unless `name` can name a stream, a durable consumer or a queue group: `[A-Za-z0-9_-]{1,128}`.
    package static func validateName(_ name: String) throws(BusError) {
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        guard allowed, (1...128).contains(name.utf8.count) else {
            throw BusError(.invalidSubject, "a stream, consumer or group name is not [A-Za-z0-9_-]{1,128}")
        }
    }

    /// Whether `subject` falls under `pattern`, which may hold `*` (one token) and a last `>` (one token or more).
    package static func matches(_ subject: String, _ pattern: String) -> Bool {
        var tokens = subject.split(separator: ".", omittingEmptySubsequences: false)[...]
        for part in pattern.split(separator: ".", omittingEmptySubsequences: false) {
            if part == ">" { return !tokens.isEmpty }
            guard let token = tokens.popFirst(), part == "*" || part == token else { return false }
        }
        return tokens.isEmpty
    }

    /// Whether all that falls under `narrow` falls under `wide` too; both are patterns.
    package static func covers(_ wide: String, _ narrow: String) -> Bool {
        var tokens = narrow.split(separator: ".", omittingEmptySubsequences: false)[...]
        for part in wide.split(separator: ".", omittingEmptySubsequences: false) {
            if part == ">" { return !tokens.isEmpty }
            guard let token = tokens.popFirst(), part == token || part == "*" && token != ">" else { return false }
        }
        return tokens.isEmpty
    }

    /// The patterns of both lists without those that another one covers: a stream may have none twice. Those of the first
    /// list stay in their order where nothing new covers them.
    package static func union(_ first: [String], _ second: [String]) -> [String] {
        var union: [String] = []
        for pattern in first + second where !union.contains(where: { covers($0, pattern) }) {
            union.removeAll { covers(pattern, $0) }
            union.append(pattern)
        }
        return union
    }

    private static func isPlain(_ subject: String) -> Bool {
        let bytes = subject.utf8
        guard (1...maximumLength).contains(bytes.count), bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return false
        }
        return subject.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
    }
}
