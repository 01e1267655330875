import Testing

@testable import GatewayPages

@Suite struct CodeTests {
    private func colored(_ path: String, _ lines: String...) throws -> [String] {
        let lexer = CodeLexer(try #require(CodeLanguage.of(path: path)))
        var state = CodeLexer.State.plain
        return lines.map { line in
            let result = lexer.line(line, from: state)
            state = result.state
            return result.html
        }
    }

    @Test(arguments: [
        (
            "a.swift", "let x = \"a\\\"b\" // 1",
            "<span class=\"k\">let</span> x = <span class=\"s\">&quot;a\\&quot;b&quot;</span> <span class=\"c\">// 1</span>"
        ),
        (
            "a.py", "def f(): return 0x1F  # no",
            "<span class=\"k\">def</span> f(): <span class=\"k\">return</span> <span class=\"n\">0x1F</span>  <span class=\"c\"># no</span>"
        ),
        ("a.js", "x['k'] = `a`", "x[<span class=\"s\">&#39;k&#39;</span>] = <span class=\"s\">&#96;a&#96;</span>"),
        ("Makefile", "all: # x", "all: <span class=\"c\"># x</span>"),
        ("a.sh", "echo ${#list} # n", "echo ${#list} <span class=\"c\"># n</span>"),
        (
            "a.sql", "select 'it''s' -- x",
            "<span class=\"k\">select</span> <span class=\"s\">&#39;it&#39;</span><span class=\"s\">&#39;s&#39;</span> <span class=\"c\">-- x</span>"
        ),
        ("a.rs", "fn f<'a>(x: &'a str)", "<span class=\"k\">fn</span> f&lt;&#39;a&gt;(x: &amp;&#39;a str)"),
        (
            "a.json", "{\"a\": true, \"n\": 12}",
            "{<span class=\"s\">&quot;a&quot;</span>: <span class=\"k\">true</span>, <span class=\"s\">&quot;n&quot;</span>: <span class=\"n\">12</span>}"
        ),
    ])
    func `a line is coloured as its language has it`(_ path: String, _ line: String, _ html: String) throws {
        #expect(try colored(path, line) == [html])
    }

    @Test func `a comment and a string go over several lines, a plain string does not`() throws {
        #expect(
            try colored("a.c", "/* a", "b */ int x;") == [
                "<span class=\"c\">/* a</span>", "<span class=\"c\">b */</span> <span class=\"k\">int</span> x;",
            ])
        #expect(
            try colored("a.py", "'''a", "b''' if") == [
                "<span class=\"s\">&#39;&#39;&#39;a</span>",
                "<span class=\"s\">b&#39;&#39;&#39;</span> <span class=\"k\">if</span>",
            ])
        #expect(
            try colored("a.go", "\"a", "if") == ["<span class=\"s\">&quot;a</span>", "<span class=\"k\">if</span>"])
    }

    @Test func `there are colours for a dozen languages, and none for a file that nobody knows`() {
        #expect(CodeLanguage.all.count >= 12)
        #expect(CodeLanguage.of(path: "src/Dockerfile") != nil)
        #expect(CodeLanguage.of(path: "a/b.TSX")?.extensions.contains("ts") == true)
        #expect(CodeLanguage.of(path: "README") == nil)
    }

    @Test func `whatever a line holds, its text is what it was`() throws {
        for language in CodeLanguage.all {
            let lexer = CodeLexer(language)
            for state in [CodeLexer.State.plain, .comment, .string(0)] where !language.quotes.isEmpty {
                for text in ["a\"b'c`d/*e*/f//g#h--i<!--j-->\\", "\\", "\"\\", "ä 1 é\"ö", "", "   "] {
                    let html = lexer.line(text, from: state).html
                    let plain = html.replacing(#/<[^>]*>/#, with: "").replacing("&lt;", with: "<")
                        .replacing("&gt;", with: ">").replacing("&quot;", with: "\"").replacing("&#39;", with: "'")
                        .replacing("&#96;", with: "`").replacing("&amp;", with: "&")
                    #expect(plain == text, "\(language.extensions[0]) \(state)")
                }
            }
        }
    }

    @Test func `what a reader would not see is shown`() {
        #expect(
            CodeText.html("a\u{202e}b\u{200b}")
                == "a<span class=\"hidden-mark\">U+202E</span>b<span class=\"hidden-mark\">U+200B</span>")
        #expect(CodeText.html("\tx\u{7}") == "\tx<span class=\"hidden-mark\">U+0007</span>")
    }
}
