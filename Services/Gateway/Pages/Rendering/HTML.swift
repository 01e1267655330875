/// Markup that goes into a page as it is. Only what this module has made of checked parts is such: templates name it by
/// `html` alone, and write everything else as text.
package struct HTML: Sendable, Hashable {
    package let html: String

    init(trusted html: String) { self.html = html }

    static let empty = HTML(trusted: "")

    /// A text as it reads.
    static func text(_ text: some StringProtocol) -> HTML { HTML(trusted: SafeText.escape(text)) }
}
