/// Who a commit names, as git writes it: `Ada Lovelace <ada@corp.example>`.
package struct CommitIdentity: Sendable, Hashable, CustomStringConvertible {
    package let name: String
    package let email: String

    /// `nil` unless `text` is a name, with a letter or digit in it, and an address in angle brackets.
    package init?(_ text: String) {
        guard text.utf8.count <= 320,
            !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }),
            // What git reads are scalars: a mark on a bracket does not make it another letter.
            text.unicodeScalars.count(where: { $0 == "<" || $0 == ">" }) == 2,
            let match = text.wholeMatch(of: /\s*([^<>]*?)\s*<([^<>@\s]+@[^<>@\s]+)>\s*/),
            match.1.contains(where: { $0.isLetter || $0.isNumber }),
            match.2.contains(where: { $0.isLetter || $0.isNumber })
        else { return nil }
        (name, email) = (String(match.1), String(match.2))
    }

    package var description: String { "\(name) <\(email)>" }

    /// What is expected, for the refusal of anything else.
    package static let form = "expected a name and an address, such as Ada Lovelace <ada@example.com>"
}
