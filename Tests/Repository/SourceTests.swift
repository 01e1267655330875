import Foundation
import Testing

/// What the compiler and the linter do not check.
@Suite(.enabled(if: Checkout.files != nil, "needs a Git checkout and the git program"))
struct SourceTests {
    @Test func `no Swift file is longer than 400 lines`() throws {
        for path in Checkout.swiftFiles() {
            let lines = try Checkout.text(path).split(separator: "\n", omittingEmptySubsequences: false).count - 1
            #expect(lines <= 400, "\(path)")
        }
    }

    @Test func `shared modules neither crash nor print`() throws {
        try expectNone(of: #/(?:^|[^\w.])(try!|fatalError\(|print\()/#, in: Checkout.swiftFiles("Shared/"))
    }

    @Test func `services do not crash`() throws {
        try expectNone(of: #/(?:^|[^\w.])(try!|fatalError\()/#, in: Checkout.swiftFiles("Services/"))
    }

    @Test func `tests wait for what happens and never sleep`() throws {
        let files = Checkout.swiftFiles("Tests/").filter { !$0.hasPrefix("Tests/Repository/") }
        try expectNone(of: #/Task\.sleep|Thread\.sleep|\b(u|nano)sleep\(/#, in: files)
    }

    @Test func `no task-local value is a function, which Swift 6.3.1 compiles wrongly when optimised`() throws {
        let sources = try Checkout.swiftFiles().filter { !$0.hasPrefix("Tests/Repository/") }.map { path in
            (path, try Checkout.code(path).map(\.line).joined(separator: "\n"))
        }
        let functions = Set(
            sources.flatMap { $1.matches(of: #/typealias (\w+)\b[^=\n]*=[^\n]*->/#).map { String($0.1) } })
        var seen = 0
        for (path, code) in sources {
            for local in code.matches(of: #/@TaskLocal[^=\n]*?var \w+\s*(?::\s*([^=\n{]*))?(?:=\s*([^\n]*))?/#) {
                seen += 1
                // Without a type the value has to show its own: a function could hide behind any other word.
                let type = local.1 ?? local.2?.prefix { $0.isLetter || $0.isNumber || $0 == "." } ?? ""
                let names = Set(type.matches(of: #/\w+/#).map { String($0.0) })
                #expect(!type.contains("->") && functions.isDisjoint(with: names), "\(path): \(local.0)")
                #expect(type.first?.isUppercase == true, "\(path): name the type of \(local.0)")
            }
        }
        #expect(seen > 0)
    }

    private func expectNone(of pattern: some RegexComponent, in files: [String]) throws {
        for path in files {
            for (number, line) in try Checkout.code(path) {
                #expect(line.firstMatch(of: pattern) == nil, "\(path):\(number):\(line)")
            }
        }
    }

    @Test(arguments: [
        ("CNATS", "JetStream"), ("CPostgres", "Database"), ("CCURL", "Transfer"), ("CGit2", "Git"),
        ("CZlib", "Compression"), ("Crypto", "Cryptography"),
    ])
    func `a library that one module wraps is imported there alone`(_ library: String, _ owner: String) throws {
        for path in Checkout.swiftFiles() where !path.hasPrefix("Shared/\(owner)/") {
            #expect(try !Checkout.imports(path).contains(library), "\(path)")
        }
    }

    @Test func `what services are made of does without the larger Foundation, which costs each process 8 MB`() throws {
        // Yams is for files that people write: tools read them, and the gateway watches one.
        let tools = ["Services/CommandLine/", "Services/ScriptedModel/", "Shared/TaskFiles/"]
        for path in Checkout.swiftFiles("Shared/") + Checkout.swiftFiles("Services/")
        where !tools.contains(where: path.hasPrefix) {
            #expect(try Checkout.imports(path).isDisjoint(with: ["Foundation", "FlyingFox", "Yams"]), "\(path)")
        }
    }

    @Test func `the front desk knows no transport, and the tool opens the record for little`() throws {
        for path in Checkout.swiftFiles("Shared/FrontDesk/") {
            #expect(try Checkout.imports(path).isDisjoint(with: ["JetStream", "Messaging", "ServiceKit"]), "\(path)")
        }
        let verbs = Checkout.swiftFiles("Services/CommandLine/Service/Verbs/")
        let asking = try verbs.filter { try Checkout.imports($0).contains("TaskStore") }
        let names = ["Doctor", "Limits", "Migrate", "Open", "Tokens"].map { "\($0)Command.swift" }
        #expect(Set(asking.map { String($0.split(separator: "/").last ?? "") }) == Set(names))
    }

    @Test func `a service is imported by its own command alone, and by tests`() throws {
        let manifest = try Checkout.text("Package.swift")
        let modules =
            manifest.matches(of: #/ServiceTargets\(\s*"(\w+)", module: "(\w+)"/#).map { (String($0.1), String($0.2)) }
            + manifest.matches(of: #/name: "(\w+)"[^()]*?path: "Services/(\w+)/Service"/#)
            .map { (String($0.2), String($0.1)) }
        #expect(modules.count >= 6)
        for (folder, module) in modules {
            for path in Checkout.swiftFiles() where !path.hasPrefix("Tests/") {
                let mayImport = path.hasPrefix("Services/\(folder)/Command/")
                #expect(try mayImport || !Checkout.imports(path).contains(module), "\(path)")
            }
        }
    }
}
