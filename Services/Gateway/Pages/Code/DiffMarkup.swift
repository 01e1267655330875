import Foundations

/// The lines of a changed file as markup, with the colours of its language.
enum DiffMarkup {
    /// The most bytes of a line that are shown.
    static let lineBytes = 1000

    /// A table of at most `most` lines, and how many there are beyond.
    static func table(of file: Patch.File, most: Int) -> (html: HTML, cut: Int) {
        let lexer = CodeLanguage.of(path: file.path).map(CodeLexer.init)
        var (html, shown, all) = ("<table class=\"code diff\"><tbody>", 0, 0)
        for hunk in file.hunks {
            all += hunk.lines.count
            guard shown < most else { continue }
            html += "<tr class=\"hunk\"><td></td><td></td><td>\(CodeText.html(hunk.header.cut(lineBytes)))</td></tr>"
            var sides = Sides(lexer)
            for line in hunk.lines.prefix(most - shown) { html += row(line, sides.markup(of: line)) }
            shown += min(hunk.lines.count, most - shown)
        }
        return (HTML(trusted: html + "</tbody></table>"), all - shown)
    }

    private static func row(_ line: Patch.Line, _ text: String) -> String {
        """
        <tr class="\(line.kind.rawValue)"><td\(number(line.old))></td><td\(number(line.new))></td>\
        <td>\(text.isEmpty ? "\n" : text)</td></tr>
        """
    }

    /// In an attribute: what is copied from the table is code alone.
    private static func number(_ number: Int?) -> String { number.map { " data-n=\"\($0)\"" } ?? "" }

    /// The text before and the text after, which strings and comments over several lines go through.
    private struct Sides {
        private let lexer: CodeLexer?
        private var old = CodeLexer.State.plain
        private var new = CodeLexer.State.plain

        init(_ lexer: CodeLexer?) { self.lexer = lexer }

        mutating func markup(of line: Patch.Line) -> String {
            let text = line.text.cut(lineBytes)
            guard let lexer, line.kind != .note else { return CodeText.html(text) }
            let colored = lexer.line(text, from: line.kind == .removed ? old : new)
            switch line.kind {
            case .removed: old = colored.state
            case .added: new = colored.state
            default:
                old = old == new ? colored.state : lexer.line(text, from: old).state
                new = colored.state
            }
            return colored.html
        }
    }
}

extension Substring {
    /// The line, or its beginning and a sign that there is more.
    fileprivate func cut(_ bytes: Int) -> String {
        let text = String(self)
        return text.utf8.count <= bytes ? text : String(text.prefix(bytes: bytes)) + "…"
    }
}
