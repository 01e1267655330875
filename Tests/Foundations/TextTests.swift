import Foundations
import Testing

@Suite struct TextTests {
    @Test(arguments: [
        ("", ""), (" \t\r\n ", ""), ("  a b\n", "a b"), ("a", "a"), ("\u{A0}\u{2028}a\u{3000}", "a"),
        ("\r\na\r\n", "a"),
    ])
    func `white space and line ends are cut off at both ends`(_ text: String, _ trimmed: String) {
        #expect(text.trimmed == trimmed)
    }

    @Test(arguments: [("az AZ09", "az%20AZ09"), ("é\n", "%C3%A9%0A"), ("a+b/c=", "a%2Bb%2Fc%3D"), ("", "")])
    func `what is no letter or digit of ASCII is encoded, and decoded again`(_ text: String, _ encoded: String) {
        #expect(text.percentEncoded == encoded)
        #expect(encoded.percentDecoded == text)
    }

    @Test(arguments: ["%", "a%2", "%zz", "%+1", "%FF", "%C3"])
    func `what is not percent-encoded text is refused`(_ text: String) {
        #expect(text.percentDecoded == nil)
    }
}
