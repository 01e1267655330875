/// What stands within a line of Markdown: code, emphasis, links.
enum Inline {
    static func html(_ text: some StringProtocol) -> String { html(Array(String(text).unicodeScalars), depth: 0) }

    /// Emphasis in emphasis goes no deeper than this.
    private static let mostDepth = 4
    /// What a backslash takes the meaning from.
    private static let marks = Set("\\`*_[]()#+-.!|<>".unicodeScalars)
    /// The most code points that are looked through for an end.
    private static let reach = 1000

    private static func html(_ text: [Unicode.Scalar], depth: Int) -> String {
        var (html, plain, index) = ("", String.UnicodeScalarView(), 0)
        while index < text.count {
            if let (markup, next) = span(text, at: index, depth: depth) {
                html += CodeText.html(String(plain)) + markup
                plain = .init()
                index = next
            } else {
                if text[index] == "\\", index + 1 < text.count, marks.contains(text[index + 1]) { index += 1 }
                plain.append(text[index])
                index += 1
            }
        }
        return html + CodeText.html(String(plain))
    }

    /// The markup of what begins at `index`, and where it ends; `nil` where nothing does.
    private static func span(_ text: [Unicode.Scalar], at index: Int, depth: Int) -> (String, Int)? {
        switch text[index] {
        case "`": return code(text, index)
        case "[": return depth < mostDepth ? link(text, index, depth) : nil
        case "*" where depth < mostDepth:
            let mark = index + 1 < text.count && text[index + 1] == "*" ? 2 : 1
            return emphasis(text, index, mark: mark, depth)
        default: return nil
        }
    }

    private static func code(_ text: [Unicode.Scalar], _ index: Int) -> (String, Int)? {
        let begin = index + 1
        guard let end = ahead(text, begin).firstIndex(of: "`"), end > begin else { return nil }
        return ("<code>\(CodeText.html(string(text[begin..<end])))</code>", end + 1)
    }

    private static func emphasis(_ text: [Unicode.Scalar], _ index: Int, mark: Int, _ depth: Int) -> (String, Int)? {
        let begin = index + mark
        guard begin < text.count, text[begin] != " " else { return nil }
        var end = begin
        while end + mark <= min(text.count, begin + reach) {
            if text[end..<(end + mark)].allSatisfy({ $0 == "*" }), end > begin, text[end - 1] != " " {
                let tag = mark == 2 ? "strong" : "em"
                return ("<\(tag)>\(html(Array(text[begin..<end]), depth: depth + 1))</\(tag)>", end + mark)
            }
            end += 1
        }
        return nil
    }

    /// `[text](address)`; an address that a page may not lead to leaves the text.
    private static func link(_ text: [Unicode.Scalar], _ index: Int, _ depth: Int) -> (String, Int)? {
        let begin = index + 1
        guard let middle = ahead(text, begin).firstIndex(of: "]"), middle + 1 < text.count, text[middle + 1] == "(",
            let end = ahead(text, middle + 1).firstIndex(of: ")")
        else { return nil }
        let label = html(Array(text[begin..<middle]), depth: mostDepth)
        let address = string(text[(middle + 2)..<end])
        let link = address.hasPrefix("/") ? Link("", to: address) : Link("", outside: address)
        guard let href = link.href else { return (label, end + 1) }
        let rel = address.hasPrefix("/") ? "" : " rel=\"noreferrer noopener\""
        return ("<a href=\"\(SafeText.escape(href))\"\(rel)>\(label)</a>", end + 1)
    }

    private static func ahead(_ text: [Unicode.Scalar], _ index: Int) -> ArraySlice<Unicode.Scalar> {
        text[min(index, text.count)..<min(text.count, index + reach)]
    }

    private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}
