import Foundations

/// Markdown as reports use it, as markup: headings, paragraphs, lists, tables, quotes, code, rules. Markup in it is text.
package enum Markdown {
    /// The most bytes that are read.
    private static let limit = 1 << 20

    /// The markup of `text`; its headings are below those of a page.
    package static func html(_ text: String) -> HTML {
        var blocks = BlockReader(CodeText.lines(of: text.prefix(bytes: limit)))
        return HTML(trusted: blocks.html())
    }
}

/// Reads blocks, one after the other.
private struct BlockReader {
    private let lines: [Substring]
    private var position = 0

    init(_ lines: [Substring]) { self.lines = lines.map { $0.last == "\r" ? $0.dropLast() : $0 } }

    private var line: Substring? { position < lines.count ? lines[position] : nil }
    private var mark: ListMark? { line.flatMap { ListMark($0) } }

    mutating func html() -> String {
        var html = ""
        while let line {
            let text = line.trimmed
            if text.isEmpty || isRule(text) {
                html += text.isEmpty ? "" : "<hr>"
                position += 1
            } else if text.hasPrefix("```") {
                html += code()
            } else if let level = headingLevel(text) {
                html += "<h\(level + 1)>\(Inline.html(text.drop { $0 == "#" }.trimmed))</h\(level + 1)>"
                position += 1
            } else if text.hasPrefix(">") {
                html += quote()
            } else if mark != nil {
                html += list(indent: 0)
            } else if isTable {
                html += table()
            } else {
                html += paragraph()
            }
        }
        return html
    }

    private func isRule(_ text: String) -> Bool {
        text.count >= 3 && ["-", "*", "_"].contains { mark in text.allSatisfy { String($0) == mark } }
    }

    /// 1…4, `nil` for what is no heading.
    private func headingLevel(_ text: String) -> Int? {
        let level = text.prefix { $0 == "#" }.count
        return (1...6).contains(level) && text.dropFirst(level).first == " " ? min(level, 4) : nil
    }

    private mutating func code() -> String {
        position += 1
        var code: [Substring] = []
        while let line, !line.trimmed.hasPrefix("```") {
            code.append(line)
            position += 1
        }
        position += 1
        return "<pre><code>\(code.map { CodeText.html($0) }.joined(separator: "\n"))</code></pre>"
    }

    private mutating func quote() -> String {
        var texts: [String] = []
        while let line, line.trimmed.hasPrefix(">") {
            texts.append(String(line.trimmed.dropFirst()).trimmed)
            position += 1
        }
        return "<blockquote><p>\(Inline.html(texts.joined(separator: " ")))</p></blockquote>"
    }

    private mutating func paragraph() -> String {
        var texts: [String] = []
        while let line, !endsParagraph(line, isFirst: texts.isEmpty) {
            texts.append(line.trimmed)
            position += 1
        }
        return "<p>\(Inline.html(texts.joined(separator: " ")))</p>"
    }

    private func endsParagraph(_ line: Substring, isFirst: Bool) -> Bool {
        let text = line.trimmed
        guard !isFirst else { return false }
        return text.isEmpty || text.hasPrefix("```") || text.hasPrefix(">") || headingLevel(text) != nil
            || ListMark(line) != nil || isRule(text)
    }

    private mutating func list(indent: Int) -> String {
        guard let first = mark else { return "" }
        let tag = first.isOrdered ? "ol" : "ul"
        var html = "<\(tag)>"
        while let mark, mark.indent >= indent, mark.isOrdered == first.isOrdered {
            position += 1
            var text = mark.text
            while let line, self.mark == nil, line.first == " ", !line.trimmed.isEmpty {
                text += " " + line.trimmed
                position += 1
            }
            html += "<li>" + Inline.html(text)
            if let next = self.mark, next.indent > mark.indent, indent < 8 {
                html += list(indent: next.indent)
            }
            html += "</li>"
        }
        return html + "</\(tag)>"
    }

    private var isTable: Bool {
        guard let line, line.trimmed.hasPrefix("|"), position + 1 < lines.count else { return false }
        let rule = lines[position + 1].trimmed
        return rule.hasPrefix("|") && rule.allSatisfy { "|-: ".contains($0) } && rule.contains("-")
    }

    private mutating func table() -> String {
        let alignsRight = Self.cells(lines[position + 1]).map { $0.hasSuffix(":") }
        func row(_ line: Substring, _ tag: String) -> String {
            let cells = Self.cells(line).enumerated().map { index, text in
                let isNumber = alignsRight.indices.contains(index) && alignsRight[index]
                return "<\(tag)\(isNumber ? " class=\"number\"" : "")>\(Inline.html(text))</\(tag)>"
            }
            return "<tr>\(cells.joined())</tr>"
        }
        var html = "<div class=\"scroll\"><table><thead>\(row(lines[position], "th"))</thead><tbody>"
        position += 2
        while let line, line.trimmed.hasPrefix("|") {
            html += row(line, "td")
            position += 1
        }
        return html + "</tbody></table></div>"
    }

    private static func cells(_ line: Substring) -> [String] {
        let text = line.trimmed
        let inner = text.dropFirst(text.hasPrefix("|") ? 1 : 0).dropLast(text.hasSuffix("|") && text.count > 1 ? 1 : 0)
        return inner.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmed }
    }
}

/// `- `, `* ` or `1. ` at the beginning of a line.
private struct ListMark {
    let indent: Int
    let isOrdered: Bool
    let text: String

    init?(_ line: Substring) {
        let spaces = line.prefix { $0 == " " }.count
        let rest = line.dropFirst(spaces)
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        let mark = digits.isEmpty ? rest.prefix(1) : rest.prefix(digits.count + 1)
        guard ["-", "*", "+"].contains(mark) || !digits.isEmpty && digits.count < 10 && mark.last == "." else {
            return nil
        }
        guard rest.dropFirst(mark.count).first == " " else { return nil }
        indent = spaces
        isOrdered = !digits.isEmpty
        text = rest.dropFirst(mark.count).trimmed
    }
}
