import Contracts
import Foundation
import Testing

/// What a kind of step needs: the README says which files, and no other of the product knows one.
@Suite(.enabled(if: Checkout.files != nil, "needs a Git checkout and the git program"))
struct StepKindPlacesTests {
    /// The files to which the README's sentence about kinds of steps leads.
    private func documented() throws -> Set<String> {
        let readme = try Checkout.text("README.md")
        let sentence = try #require(readme.firstMatch(of: #/a kind\s+of step is ([^;]+);/#)).1
        return Set(sentence.matches(of: #/\]\(([^)\s]+)\)/#).map { String($0.1) })
    }

    /// The files of the product that name a kind.
    private func files(naming kind: StepKind) throws -> Set<String> {
        let name = kind.rawValue
        let pattern = try Regex(
            #"StepKind\.\#(name)\b|\bkinds?: \[?\.\#(name)\b|\.\#(name), \.\#(name)\b|"\#(kind.permit)""#)
        return try Set(
            (Checkout.swiftFiles("Shared/") + Checkout.swiftFiles("Services/")).filter { file in
                try Checkout.code(file).contains { $0.line.firstMatch(of: pattern) != nil }
            })
    }

    @Test(arguments: StepKind.rows.map(\.kind))
    func `a kind of step is known to its handler and the files that the README names`(_ kind: StepKind) throws {
        let (documented, named) = (try documented(), try files(naming: kind))
        let handlers = named.filter { $0.hasPrefix("Services/") }
        #expect(handlers.count == 1, "\(handlers)")
        #expect(named.subtracting(handlers).isSubset(of: documented))
        // A step need not leave anything.
        #expect(documented.subtracting(named).isSubset(of: ["Shared/Contracts/StepOutput.swift"]))
        #expect(named.count <= 5)
    }
}
