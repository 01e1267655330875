import Foundation
import Testing

@Suite(.enabled(if: Checkout.files != nil, "needs a Git checkout and the git program"))
struct LayoutTests {
    @Test func `the top level holds what is documented and nothing else`() {
        let top = Set((Checkout.files ?? []).map { String($0.prefix { $0 != "/" }) }).filter { !$0.hasPrefix(".") }
        #expect(
            top == [
                "Package.swift", "Services", "Shared", "Tests", "deploy", "docker-compose.yml", "Makefile", "README.md",
                "LICENSE",
            ])
    }

    @Test func `every relative link of the README leads to a file`() throws {
        let links = try Checkout.text("README.md").matches(of: #/\]\(([^)\s]+)\)/#).map { String($0.1) }
        for link in links where !link.contains("://") && !link.hasPrefix("#") && !link.hasPrefix("mailto:") {
            let path = Checkout.root.appendingPathComponent(String(link.prefix { $0 != "#" })).path
            #expect(FileManager.default.fileExists(atPath: path), "\(link)")
        }
    }

    @Test(arguments: ["Shared", "Services"])
    func `the README's map names every module and service`(_ folder: String) throws {
        let readme = try Checkout.text("README.md")
        let names = (Checkout.files ?? []).filter { $0.hasPrefix("\(folder)/") }
            .compactMap { $0.split(separator: "/").dropFirst().first }
        for name in Set(names) {
            #expect(readme.firstMatch(of: try Regex("\\b\(name)\\b")) != nil, "\(folder)/\(name)")
        }
    }

    @Test func `no file is left over from a build, an editor or a run`() {
        let leftovers =
            #/(^|/)(\.build[^/]*|\.automata|\.DS_Store|__pycache__|Package\.resolved)(/|$)|(~|\.orig|\.rej|\.log)$/#
        for path in Checkout.files ?? [] { #expect(path.firstMatch(of: leftovers) == nil, "\(path)") }
    }
}
