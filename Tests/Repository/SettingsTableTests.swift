import Foundation
import Testing

@Suite(.enabled(if: Checkout.files != nil, "needs a Git checkout and the git program"))
struct SettingsTableTests {
    @Test func `the table holds every setting with its default, and no other`() throws {
        let settings = try settings()
        let rows = try Checkout.text("README.md").matches(
            of: #/(?m)^\| `([A-Z0-9_]+)`(?:<br>`[A-Z0-9_]+`)? \| (?:`([^`]*)`)? \|/#)
        #expect(!settings.isEmpty)
        #expect(rows.map { [String($0.1), $0.2.map(String.init) ?? ""] } == settings)
    }

    /// Names and defaults, in the order of `--help`.
    private func settings() throws -> [[String]] {
        let source = try Checkout.text("Shared/ServiceKit/Settings/Setting.swift")
        return source.matches(of: #/Setting\(\s*"([A-Z0-9_]+)"(?:, default: "([^"]*)")?/#).map { match in
            [String(match.1), match.2.map(String.init) ?? ""]
        }
    }
}
