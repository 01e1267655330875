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

    /// The README leads to the documents of `deploy/`.
    private static let documents =
        ["README.md"] + (Checkout.files ?? []).filter { $0.wholeMatch(of: #/deploy/[A-Z]+\.md/#) != nil }

    @Test(arguments: documents)
    func `every relative link of a document leads to a file, or to a heading of one`(_ document: String) throws {
        let folder = URL(fileURLWithPath: document, relativeTo: Checkout.root).deletingLastPathComponent()
        for link in try links(of: document) where !link.contains("://") {
            let parts = link.split(separator: "#", omittingEmptySubsequences: false).map(String.init)
            let target = parts[0].isEmpty ? document : folder.appendingPathComponent(parts[0]).relativePath
            #expect(
                FileManager.default.fileExists(atPath: Checkout.root.appendingPathComponent(target).path), "\(link)")
            guard parts.count > 1 else { continue }
            #expect(try headings(of: target).contains(parts[1]), "\(link)")
        }
    }

    @Test func `the README leads to every document and stays short`() throws {
        let links = try links(of: "README.md").map { String($0.prefix { $0 != "#" }) }
        for document in Self.documents.dropFirst() { #expect(links.contains(document), "\(document)") }
        #expect(try Checkout.text("README.md").count(where: \.isNewline) <= 300, "move what is detail to deploy/")
    }

    private func links(of document: String) throws -> [String] {
        try Checkout.text(document).matches(of: #/\]\(([^)\s]+)\)/#).map { String($0.1) }
    }

    /// As the fragments of links name them.
    private func headings(of document: String) throws -> [String] {
        try Checkout.text(document).matches(of: #/(?m)^#+ (.+)$/#).map { heading in
            heading.1.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" }
                .replacingOccurrences(of: " ", with: "-")
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
