import Foundations
import Sandbox

/// A search by ripgrep: its command, and what it found.
struct Ripgrep {
    /// A line that matches.
    struct Match {
        let path: String
        /// What a model is shown.
        let text: String
    }

    private(set) var matches: [Match] = []
    /// What could not be searched although the search went on.
    private(set) var trouble: [String] = []
    /// Why there was no search.
    private(set) var failure: String?
    /// Whether there was more than what was kept: not all that was found is here.
    let isCut: Bool

    /// The most bytes of a line that are shown.
    private static let longestLine = 300

    /// Nothing is passed over but `.git` and binary files. A pattern that ripgrep's own engine does not take (look-around,
    /// references to groups) is PCRE2's.
    static func command(_ pattern: String, in place: String) -> [String] {
        let pattern = LineBreaks.anyEnd(pattern)
        return [
            "rg", "--no-config", "--color=never", "--no-heading", "--with-filename", "--line-number",
            "--column", "--null", "--no-ignore", "--hidden", "--iglob=!.git", "--crlf", "--sort=path",
            "--max-columns=\(longestLine)", "--max-columns-preview", "--engine=auto", "--dfa-size-limit=64M",
        ] + (pattern.spansLines ? ["--multiline"] : []) + ["--regexp=\(pattern.text)", "--", place]
    }

    init(_ outcome: CommandOutcome) {
        isCut = outcome.interruption == .outputLimit || outcome.truncatedBytes > 0
        for line in outcome.output.utf8.split(separator: 10) {
            let parts = line.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, let match = Match(path: Self.text(parts[0]), found: Self.text(parts[1])) {
                matches.append(match)
            } else {
                trouble.append(Self.text(line))
            }
        }
        if outcome.interruption == .outputLimit || outcome.exitCode == 0 || outcome.exitCode == 1 && trouble.isEmpty {
            trouble = []
        } else {
            if matches.isEmpty { failure = Self.failure(trouble, outcome.exitCode) }
            trouble = trouble.prefix(3).map { OutputLimiter.line($0) }
        }
    }

    private static func failure(_ words: [String], _ exitCode: Int32) -> String {
        guard exitCode != 127 else {
            return "There is no ripgrep (rg) on this host, which searches need. Use run_shell_command with grep."
        }
        let told = words.filter { !$0.hasPrefix("~~~") }.joined(separator: "\n")
        return "The search failed. \(OutputLimiter.shorten(told, to: 1000))\nCheck the pattern and the path."
    }

    private static func text(_ bytes: Substring.UTF8View) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.utf8.last == 13 ? String(text.unicodeScalars.dropLast()) : text
    }
}

extension Ripgrep.Match {
    /// `found` is `line:column:text`.
    fileprivate init?(path: String, found: String) {
        let parts = found.utf8.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let line = Int(Substring(parts[0])), let column = Int(Substring(parts[1])) else {
            return nil
        }
        self.path = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        let text = String(Substring(parts[2]))
        let start = "\(self.path):\(line):"
        if column > 250 {
            self.text = start + "[in a long line: start_line \(line), start_column \(column) shows it]"
        } else {
            self.text = OutputLimiter.shorten(start + text, to: 400)
        }
    }
}

/// Line ends in a pattern.
private struct LineBreaks {
    let text: String
    let spansLines: Bool

    /// The pattern with each `\n` taken for either line end.
    static func anyEnd(_ pattern: String) -> Self {
        var (text, spans, escaped, inSet) = (String.UnicodeScalarView(), false, false, false)
        for scalar in pattern.unicodeScalars {
            let isBreak = escaped ? scalar == "n" : scalar == "\n"
            spans = spans || isBreak
            if isBreak, !inSet {
                if escaped { text.removeLast() }
                text.append(contentsOf: "\\r?\\n".unicodeScalars)
            } else {
                text.append(scalar)
            }
            if !escaped, scalar == "[" { inSet = true } else if !escaped, scalar == "]" { inSet = false }
            escaped = !escaped && scalar == "\\"
        }
        return Self(text: String(text), spansLines: spans || meansAnything(pattern))
    }

    /// Whether a part of the pattern is meant to take line breaks too, though it names none.
    private static func meansAnything(_ pattern: String) -> Bool {
        if [#"[\s\S]"#, #"[\S\s]"#, #"[\d\D]"#, #"[\w\W]"#].contains(where: { pattern.contains($0) }) { return true }
        // `(?s)` and `(?is:…)`.
        return pattern.ranges(of: "(?").contains { start in
            pattern[start.upperBound...].prefix { $0.isLetter }.contains("s")
        }
    }
}
