import Testing

@testable import GatewayPages

/// No value changes what a page is made of.
@Suite struct EscapeTests {
    /// Closes a quote and a tag, in ways that a comparison of characters does not see.
    static let attacks = [
        "\"'><script>alert(1)</script>", "\" onfocus=\"alert(1)", "\"\u{301} onfocus=x autofocus",
        "\u{600}<img src=x>", "<\u{301}script>", "&quot;><b>", "</textarea></title></option></pre><i>",
        "javascript:alert(1)", "{{csrf}}{{{it}}}", "`\0", "\u{202e}\u{2028}",
    ]

    @Test(arguments: attacks)
    func `a page has the same elements whatever its values are`(_ attack: String) throws {
        let spoiled = Samples(spoil: { $0 + attack }).pages
        for (page, other) in zip(Samples.plain, spoiled) {
            let shape = try shape(page.html)
            let found: [String]
            do { found = try self.shape(other.html) } catch {
                Issue.record("\(page.name): \(error)")
                continue
            }
            #expect(shape.count == found.count, "\(page.name)")
            if let place = zip(shape, found).first(where: { $0 != $1 }) { Issue.record("\(page.name): \(place)") }
        }
    }

    /// Without the spans of code, which follow what it says.
    private func shape(_ html: String) throws -> [String] {
        try Markup(html).elements.filter { !["k", "s", "c", "n", "hidden-mark"].contains($0["class"]) }.map(\.shape)
    }

    @Test(arguments: attacks)
    func `no address leads elsewhere, and no attribute is code`(_ attack: String) throws {
        for (name, html) in Samples(spoil: { $0 + attack }).pages {
            for element in try Markup(html).elements {
                for (attribute, value) in element.attributes {
                    #expect(!attribute.hasPrefix("on") && attribute != "style", "\(name): \(attribute)")
                    guard ["href", "src", "action"].contains(attribute) else { continue }
                    let isPlain = value.hasPrefix("/") && !value.hasPrefix("//") || value.hasPrefix("#")
                    #expect(isPlain || value.hasPrefix("https://"), "\(name): \(attribute)=\(value)")
                }
            }
        }
    }

    @Test func `a mark is escaped whatever it forms a character with`() {
        #expect(SafeText.escape("\u{600}<") == "\u{600}&lt;")
        #expect(SafeText.escape("\"\u{301}") == "&quot;\u{301}")
        #expect(SafeText.escape("a&b'<c>`\0") == "a&amp;b&#39;&lt;c&gt;&#96;\u{FFFD}")
    }

    @Test(arguments: [
        "javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "//evil.example", "https://", "https:/x",
        "https://good.example@evil.example/", "https://a b/", "https://a\u{0}b/", "http:\\\\evil", " https://a/",
    ])
    func `a link leads to no such address`(_ address: String) {
        #expect(Link("x", outside: address).href == nil)
        #expect(Link("x", to: address).href == nil)
    }

    @Test func `a link leads to a page of ours or of a host by its name`() {
        #expect(Link("x", outside: "https://git.example.com/a?b=c#d").href == "https://git.example.com/a?b=c#d")
        #expect(Link("x", to: "/tasks?text=%22").href == "/tasks?text=%22")
        #expect(Link("x", to: "/\\evil.example").href == nil)
    }

    @Test func `no value leads out of its place in a path or a query`() {
        #expect(Place.task("a/b", "..", "c?d#e") == "/tasks/a%2Fb/%2E%2E/c%3Fd%23e")
        #expect(Place.task("acme", "web_1", "fix-login.2~") == "/tasks/acme/web_1/fix-login.2~")
        #expect(
            Place.query("/tasks", [("text", "a&b=c d\u{e9}"), ("tag", nil), ("x", "")])
                == "/tasks?text=a%26b%3Dc%20d%C3%A9")
    }

    @Test func `an action leads back to a page of ours alone`() {
        func back(_ page: String) -> String {
            Visitor(name: "a", role: .viewer, csrf: "", page: page).pageHref
        }
        #expect(back("/tasks?x=1") == "/tasks?x=1")
        #expect(back("//evil.example") == "/")
        #expect(back("https://evil.example") == "/")
    }
}
