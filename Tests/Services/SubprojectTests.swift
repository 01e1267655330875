import Testing
import ValidatorService

@Suite struct SubprojectTests {
    private static let node = #"{"scripts": {"test": "jest"}}"#
    private static let shop = [
        "README.md", "backend/pyproject.toml", "backend/app/a.py", "backend/tests/test_a.py", "frontend/package.json",
        "frontend/src/a.js", "tools/go.mod", "tools/a.go", "tools/cmd/deep/b.go", "core/Cargo.toml", "core/src/lib.rs",
        "ios/Package.swift", "ios/Sources/a.swift", "jvm/pom.xml", "jvm/src/A.java", "docs/index.md",
    ]

    private func commands(
        _ paths: [String] = Self.shop, _ texts: [String: String] = [:], base: [String]? = nil, changed: [String],
        removed: [String] = []
    ) -> [String] {
        let texts = ["frontend/package.json": Self.node].merging(texts) { $1 }
        let plan = ValidationPlan(
            requested: [], base: ProjectFiles(paths: base ?? paths, texts: texts),
            head: ProjectFiles(paths: paths, texts: texts), changed: changed, removed: removed)
        return plan.commands.map(\.text)
    }

    @Test(
        arguments: [
            (["frontend/src/a.js"], ["cd frontend && (npm test --silent)"]),
            (["tools/cmd/deep/b.go"], ["cd tools && (go test ./...)"]),
            (["core/src/lib.rs"], ["cd core && (cargo test --offline)"]),
            (["ios/Sources/a.swift"], ["cd ios && (swift build --disable-sandbox)"]),
            (["jvm/src/A.java"], ["cd jvm && (mvn --offline --batch-mode test)"]),
            (["tools/a.go", "core/src/lib.rs"], ["cd core && (cargo test --offline)", "cd tools && (go test ./...)"]),
            (["docs/index.md"], []),
        ] as [([String], [String])])
    func `the project nearest to what changed is validated by its own kind`(_ changed: [String], _ expected: [String]) {
        #expect(commands(changed: changed) == expected)
    }

    @Test func `a Python project in a folder runs its own tests there`() {
        let found = commands(changed: ["backend/app/a.py"])
        #expect(found.count == 1 && found.first?.hasPrefix("cd backend && (if python3") == true)
    }

    @Test func `what is removed counts as touched, and a project that is gone is not looked for`() {
        #expect(commands(changed: [], removed: ["tools/old.go"]) == ["cd tools && (go test ./...)"])
        let left = Self.shop.filter { !$0.hasPrefix("tools/") }
        #expect(commands(left, base: Self.shop, changed: [], removed: ["tools/go.mod", "tools/a.go"]).isEmpty)
    }

    @Test func `a change cannot take a kind away, and a project that it adds is validated`() {
        let left = Self.shop.filter { $0 != "tools/go.mod" }
        #expect(commands(left, base: Self.shop, changed: ["tools/a.go"]) == ["cd tools && (go test ./...)"])
        #expect(
            commands(Self.shop + ["new/go.mod", "new/a.go"], base: Self.shop, changed: ["new/a.go"])
                == ["cd new && (go test ./...)"])
    }

    @Test func `the root's own kinds are run as well`() {
        let found = commands(Self.shop + ["go.mod", "a.go"], changed: ["core/src/lib.rs"])
        #expect(found == ["go test ./...", "cd core && (cargo test --offline)"])
    }

    @Test(
        arguments: [
            (["Makefile"], ["Makefile": "test:\n\tmake -C core test\n"], "core/src/lib.rs", "make test"),
            (
                ["Cargo.toml"], ["Cargo.toml": "[workspace]\nmembers = [\"core\"]"], "core/src/lib.rs",
                "cargo test --offline"
            ),
            (
                ["pom.xml"], ["pom.xml": "<modules><module>jvm</module></modules>"], "jvm/src/A.java",
                "mvn --offline --batch-mode test"
            ),
            (
                ["package.json"], ["package.json": #"{"workspaces": ["frontend"], "scripts": {"test": "jest"}}"#],
                "frontend/src/a.js",
                "npm test --silent"
            ),
        ] as [([String], [String: String], String, String)])
    func `what the root's commands test is not tested twice`(
        _ paths: [String], _ texts: [String: String], _ changed: String, _ expected: String
    ) {
        #expect(commands(Self.shop + paths, texts, changed: [changed]) == [expected])
    }

    @Test(
        arguments: [
            // What names no tests belongs to the project above it.
            (
                ["svc/go.mod", "svc/ui/package.json"], ["svc/ui/package.json": "{}"], "svc/ui/a.js",
                ["cd svc && (go test ./...)"]
            ),
            // A workspace of Go is no module, and the root of packages may have no tests of its own.
            (["go.work", "a/go.mod", "b/go.mod"], [:], "b/x.go", ["cd b && (go test ./...)"]),
            (
                ["package.json", "pnpm-workspace.yaml", "packages/a/package.json"],
                ["package.json": "{}", "packages/a/package.json": #"{"scripts": {"test": "vitest run"}}"#],
                "packages/a/x.js", ["cd packages/a && (npm test --silent)"]
            ),
            (["a/Cargo.toml", "a/b/c/Cargo.toml"], [:], "a/b/c/src/lib.rs", ["cd a/b/c && (cargo test --offline)"]),
            // Modules of modules.
            (
                ["pom.xml", "jvm/pom.xml", "jvm/a/pom.xml"],
                ["pom.xml": "<modules><module>jvm</module></modules>"], "jvm/a/src/A.java",
                ["mvn --offline --batch-mode test"]
            ),
            // A Makefile without tests, and a workspace that is a package itself.
            (
                ["Makefile", "core/Cargo.toml"], ["Makefile": "all:\n\ttrue\n"], "core/a.rs",
                ["cd core && (cargo test --offline)"]
            ),
            (
                ["Cargo.toml", "src/lib.rs", "core/Cargo.toml"],
                ["Cargo.toml": "[workspace]\nmembers = [\"core\"]\n[package]\nname = \"a\""], "core/a.rs",
                ["cargo test --offline", "cd core && (cargo test --offline)"]
            ),
        ] as [([String], [String: String], String, [String])])
    func `repositories of other shapes are validated where they are touched`(
        _ paths: [String], _ texts: [String: String], _ changed: String, _ expected: [String]
    ) {
        #expect(commands(paths, texts, changed: [changed]) == expected)
    }

    @Test func `the root has to say so on the base and now`() {
        let paths = Self.shop + ["Cargo.toml"]
        let base = ProjectFiles(paths: paths, texts: ["Cargo.toml": "[package]"])
        let head = ProjectFiles(paths: paths, texts: ["Cargo.toml": "[workspace]"])
        let plan = ValidationPlan(requested: [], base: base, head: head, changed: ["core/src/lib.rs"])
        #expect(plan.commands.map(\.text) == ["cargo test --offline", "cd core && (cargo test --offline)"])
    }

    @Test func `folders of others hold no projects of ours, and names are quoted for the shell`() {
        let vendored = ["a.txt", "node_modules/x/go.mod", "vendor/y/Cargo.toml", "pkg/testdata/go.mod"]
        #expect(
            commands(vendored, changed: ["node_modules/x/a.txt", "vendor/y/a.rs", "pkg/testdata/a.txt"]).isEmpty)
        #expect(
            commands(["it's $(x)/go.mod"], changed: ["it's $(x)/a.go"]) == ["cd 'it'\\''s $(x)' && (go test ./...)"])
    }

    @Test func `the request's commands win`() {
        let files = ProjectFiles(paths: Self.shop)
        let plan = ValidationPlan(requested: ["make"], base: files, head: files, changed: ["tools/a.go"])
        #expect(plan.commands.map(\.text) == ["make"])
    }

    @Test func `more projects than can be run are named`() {
        let paths = (100..<130).map { "p\($0)/go.mod" }
        let files = ProjectFiles(paths: paths)
        let plan = ValidationPlan(requested: [], base: files, head: files, changed: paths)
        #expect(plan.commands.count == 20)
        #expect(plan.notes.first?.contains("p120, p121") == true)
    }
}
