import Testing

@testable import GatewayPages

@Suite struct MarkdownTests {
    @Test(arguments: [
        ("# Title", "<h2>Title</h2>"), ("#### Deep", "<h5>Deep</h5>"), ("a\nb\n\nc", "<p>a b</p><p>c</p>"),
        ("**b** *i* `c`", "<p><strong>b</strong> <em>i</em> <code>c</code></p>"),
        ("- a\n- b\n  c", "<ul><li>a</li><li>b c</li></ul>"),
        ("1. a\n   - b\n2. c", "<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>"),
        ("> a\n> b", "<blockquote><p>a b</p></blockquote>"), ("---", "<hr>"),
        ("```\na <b>\n\nc\n```", "<pre><code>a &lt;b&gt;\n\nc</code></pre>"),
        (
            "|a|b|\n|-|-:|\n|1|2|",
            "<div class=\"scroll\"><table><thead><tr><th>a</th><th class=\"number\">b</th></tr></thead><tbody><tr><td>1</td><td class=\"number\">2</td></tr></tbody></table></div>"
        ),
        ("[x](/tasks?a=1&b=2)", "<p><a href=\"/tasks?a=1&amp;b=2\">x</a></p>"),
        ("[x](https://e.example/)", "<p><a href=\"https://e.example/\" rel=\"noreferrer noopener\">x</a></p>"),
        ("a \\*b\\* 2 * 3", "<p>a *b* 2 * 3</p>"), ("| not a table", "<p>| not a table</p>"),
    ])
    func `a report reads as Markdown has it`(_ text: String, _ html: String) {
        #expect(Markdown.html(text).html == html)
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "[x](javascript:alert(1))", "[x](//evil.example)", "[<b>](https://a/\"onx=)",
        "**<i>**", "`<i>`", "# <i>", "- <i>", "> <i>", "|<i>|\n|-|\n|<i>|", "[x](data:text/html,y)",
        "![x](https://a/b.png)",
    ])
    func `markup in a report is text`(_ text: String) throws {
        for element in try Markup("<div>\(Markdown.html(text).html)</div>").elements {
            #expect(!["script", "i", "b", "img"].contains(element.name))
            if let address = element["href"] { #expect(address.hasPrefix("https://a/")) }
            #expect(element["onx"] == nil)
        }
    }

    @Test(arguments: ["*", "**", "`", "[", "[](", "- ", "> "])
    func `a report of nothing but marks takes no longer than its length`(_ mark: String) {
        #expect(Markdown.html(String(repeating: mark, count: 5000)).html.utf8.count > 0)
    }
}
