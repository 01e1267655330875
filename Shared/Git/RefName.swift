import FoundationEssentials
import Foundations

/// The name of a branch that git accepts (the rules of `git check-ref-format --branch`).
///
/// Names come from tasks: they are validated once, here, before they reach an argument, a refspec or a file.
package struct RefName: Sendable, Hashable, CustomStringConvertible {
    /// The short name, for example `feat/20261121-fix-login`.
    package let name: String

    /// The name as it stands in a repository: `refs/heads/` and the short name.
    package var full: String { "refs/heads/\(name)" }

    package var description: String { name }

    /// Throws ``GitError/Code/invalidRef`` if `text` breaks git's rules. A leading `refs/heads/` is dropped.
    package init(_ text: String) throws {
        let prefix = "refs/heads/"
        let name = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        // The text may be a secret in the wrong place.
        if let reason = Self.problem(of: name) { throw GitError(.invalidRef, "the branch name \(reason)") }
        self.name = name
    }

    /// The branches in whose folder this one lies: none beside them can exist, as `feat` beside `feat/x`.
    var parents: [String] {
        name.indices.filter { name[$0] == "/" }.map { String(name[..<$0]) }
    }

    /// The branch of a task: `feat/YYYYMMDD-slug`, the date in UTC.
    ///
    /// The slug holds `[a-z0-9-]` alone, at most 50 characters of the title and then `-suffix`, if there is one.
    /// - Parameter folder: What it begins with, `feat/` unless a branch `feat` is in the way.
    package static func featureBranch(
        date: Date, title: String, suffix: String? = nil, folder: String = "feat/"
    ) -> RefName {
        let day = date.formatted(Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day().dateSeparator(.omitted))
        let words = [slug(title, limit: 50), slug(suffix ?? "", limit: 20)].filter { !$0.isEmpty }
        return RefName(validated: "\(folder)\(day)-\(words.isEmpty ? "task" : words.joined(separator: "-"))")
    }

    private init(validated name: String) { self.name = name }

    private static func slug(_ text: String, limit: Int) -> String {
        let words = text.unicodeScalars.compactMap(plain).split { $0 == " " }.map { String($0) }
        return String(words.joined(separator: "-").prefix(limit)).trimming { $0 == "-" }
    }

    /// The letter or digit of ASCII that `scalar` is a form of, by its name; `nil` for a mark on the letter before, and
    /// a blank for all else.
    private static func plain(_ scalar: Unicode.Scalar) -> Character? {
        if scalar.isASCII {
            let character = Character(scalar)
            return character.isLetter || character.isNumber ? Character(character.lowercased()) : " "
        }
        if scalar.properties.generalCategory == .nonspacingMark { return nil }
        if scalar.properties.generalCategory == .decimalNumber {
            return scalar.properties.numericValue.map { Character("\(Int($0))") }
        }
        let form = #/(?:FULLWIDTH )?LATIN (?:SMALL|CAPITAL) LETTER ([A-Z])(?: WITH .+)?/#
        let letter = scalar.properties.name?.wholeMatch(of: form)?.1.first
        return letter.map { Character($0.lowercased()) } ?? " "
    }

    /// What is wrong with `name`, or `nil`.
    private static func problem(of name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name.utf8.count > 200 { return "is longer than 200 bytes" }
        if name.hasPrefix("-") { return "begins with '-'" }
        if name == "@" || name == "HEAD" { return "is reserved" }
        if name.hasPrefix("refs/") { return "begins with 'refs/'" }
        let forbidden = Set<UInt8>(" ~^:?*[\\".utf8)
        if name.utf8.contains(where: { $0 < 32 || $0 == 127 || forbidden.contains($0) }) {
            return "holds a space, a control character or one of ~^:?*[\\"
        }
        if name.utf8.contains("..".utf8) || name.utf8.contains("@{".utf8) { return "holds '..' or '@{'" }
        for part in name.split(separator: "/", omittingEmptySubsequences: false) {
            if part.isEmpty { return "has an empty part" }
            if part.hasPrefix(".") || part.hasSuffix(".") || part.hasSuffix(".lock") {
                return "has a part that begins or ends with '.' or ends with '.lock'"
            }
        }
        return nil
    }
}
