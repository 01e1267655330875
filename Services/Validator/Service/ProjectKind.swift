import FoundationEssentials
import Foundations

/// A kind of project, recognised by its files: what to run when the request names no commands. A new kind is a row.
package struct ProjectKind: Sendable {
    package let name: String
    /// A file of one of these names in the root tells the kind.
    let markers: [String]
    /// Or any file whose name ends like this.
    let suffixes: [String]
    /// The program that has to be there for the commands to make sense.
    package let program: String
    let commands: [String]
    /// What to run instead where no file looks like a test.
    let commandsWithoutTests: [String]
    /// Whether a path looks like a test. Where a kind's own command can tell, any does.
    let isTest: @Sendable (String) -> Bool

    init(
        _ name: String, _ markers: [String], suffixes: [String] = [], program: String, _ commands: [String],
        withoutTests others: [String] = [], isTest: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.name = name
        self.markers = markers
        self.suffixes = suffixes
        self.program = program
        self.commands = commands
        commandsWithoutTests = others
        self.isTest = isTest
    }

    /// In the order in which they are looked for; several may apply to one repository.
    package static let all: [ProjectKind] = [
        ProjectKind(
            "Swift", ["Package.swift"], program: "swift", ["swift test --disable-sandbox"],
            withoutTests: ["swift build --disable-sandbox"],
            isTest: { "/\($0)".contains("/Tests/") || $0.hasSuffix("Tests.swift") }),
        ProjectKind(
            "Python", ["pyproject.toml", "setup.py", "setup.cfg", "pytest.ini", "tox.ini", "conftest.py"],
            suffixes: ["_test.py"], program: "python3",
            [
                // pytest exits with 5 where it finds no test. That the change took them away is found by counting, see
                // ``LostTests``.
                "if python3 -c 'import pytest' 2>/dev/null; then "
                    + "python3 -m pytest -q -p no:cacheprovider || [ $? -eq 5 ]; "
                    + "else python3 -m unittest discover -v || [ $? -eq 5 ]; fi"
            ],
            isTest: { path in
                let parts = path.split(separator: "/")
                let name = parts.last ?? ""
                return ["pytest.ini", "tox.ini", "conftest.py"].contains(name)
                    || name.hasSuffix(".py") && (name.hasPrefix("test") || name.hasSuffix("_test.py"))
                    || name.hasSuffix(".py") && parts.dropLast().contains { $0 == "tests" || $0 == "test" }
            }),
        ProjectKind("Node", ["package.json"], program: "npm", ["npm test --silent"]),
        ProjectKind("Go", ["go.mod"], program: "go", ["go test ./..."]),
        ProjectKind("Rust", ["Cargo.toml"], program: "cargo", ["cargo test --offline"]),
        ProjectKind("Maven", ["pom.xml"], program: "mvn", ["mvn --offline --batch-mode test"]),
    ]

    /// Taken where no other kind applies: a Makefile often only wraps one of them.
    package static let make = ProjectKind("Make", ["Makefile", "makefile"], program: "make", ["make test"])

    /// What to run in a repository with these files.
    package func commands(for paths: [String]) -> [String] {
        paths.contains(where: isTest) ? commands : commandsWithoutTests
    }

    /// The files whose text tells something about the kind, or about what its commands test.
    package static let telling = [
        "package.json", "Makefile", "makefile", "Cargo.toml", "pom.xml", "pyproject.toml", "pytest.ini", "setup.cfg",
        "tox.ini",
    ]

    /// The kinds that `base` has, and those that a change of it to `head` adds: a change cannot take a kind away, and
    /// with it the commands that it has to pass.
    package static func detect(base: ProjectFiles, head: ProjectFiles) -> [ProjectKind] {
        let (old, new) = (detect(base), detect(head))
        return (all + [make]).filter { kind in (old + new).contains { $0.name == kind.name } }
    }

    /// The kinds of a repository with these files.
    package static func detect(_ files: ProjectFiles) -> [ProjectKind] {
        let (paths, root) = (files.paths, files.root)
        let names = outsideOfPackages(paths).map { $0.split(separator: "/").last.map(String.init) ?? $0 }
        let kinds = all.filter { kind in
            kind.markers.contains(where: root.contains)
                || names.contains { name in kind.suffixes.contains(where: name.hasSuffix) }
                || kind.name == "Python" && names.contains { $0.hasPrefix("test_") && $0.hasSuffix(".py") }
        }.filter { $0.name != "Node" || hasTestScript(files.texts["package.json"]) }
        if !kinds.isEmpty { return kinds }
        let makefile = make.markers.first(where: root.contains).flatMap { files.texts[$0] }
        return makefile?.contains(#/(?m)^test\s*:/#) == true ? [make] : []
    }

    /// Files whose names tell a kind, but those of Python packages in folders: these are projects of their own.
    private static func outsideOfPackages(_ paths: [String]) -> [String] {
        let packages = Set(
            ["pyproject.toml", "setup.py", "setup.cfg"].flatMap { name in
                paths.filter { $0.hasSuffix("/\(name)") }.map { String($0.dropLast(name.count + 1)) }
            })
        guard !packages.isEmpty else { return paths }
        return paths.filter { !Subprojects.foldersAbove($0).contains(where: packages.contains) }
    }

    private static func hasTestScript(_ package: String?) -> Bool {
        guard let package, let test = try? JSONValue(parsing: package)["scripts"]?["test"]?.stringValue else {
            return false
        }
        return !test.contains("no test specified")
    }
}
