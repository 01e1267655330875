import Foundation
import Foundations
import TestSupport
import Testing

@testable import Git
@testable import ValidatorService

/// Which changed files are looked at, and by what.
@Suite struct SyntaxPlanTests {
    private func language(_ path: String, _ text: String = "") -> String? {
        SourceFile(path: path, text: text).checker?.language
    }

    @Test(
        arguments: [
            ("a.py", "", "Python"), ("src/a.mjs", "", "JavaScript"), ("a.yml", "", "YAML"), ("a.sh", "", "shell"),
            ("tool", "#!/usr/bin/env -S python3 -u\n", "Python"), ("tool", "#!/bin/sh -e\n", "shell"),
            ("tool", "#!/usr/bin/perl\n", nil), ("tool", "#!/usr/bin/env\n", nil), ("tool", "import os\n", nil),
            ("a.ts", "", nil), ("a.pl", "#!/bin/sh\n", nil), ("Makefile", "all:\n", nil),
            ("a.yaml", "on: push\nrun: ${{ x }}\n", "YAML"), ("a.yaml", "{{ range }}\n", nil),
            ("a.py", "x = '{{'\n", "Python"), ("a.json", "version https://git-lfs.github.com/spec/v1\n", nil),
        ] as [(String, String, String?)])
    func `a file is known by its name or its first line, and what only looks like it is left out`(
        _ path: String, _ text: String, _ expected: String?
    ) {
        #expect(language(path, text) == expected)
    }

    @Test(arguments: [
        ("src/a.py", true), ("bin/tool", true), ("notes.txt", false), ("node_modules/x/a.js", false),
        ("tests/fixtures/bad.json", false), ("charts/templates/a.yaml", false), ("{{name}}/a.py", false),
        ("templates.py", true),
    ])
    func `what others wrote, what tests read, and what becomes a file later is not looked at`(
        _ path: String, _ expected: Bool
    ) {
        #expect(SyntaxPlan.isOwn(path) == expected)
    }

    private func file(_ path: String, _ status: DiffSummary.Status, from oldPath: String? = nil) -> DiffSummary.File {
        DiffSummary.File(path: path, oldPath: oldPath, status: status, insertions: 1, deletions: 0)
    }

    @Test func `files that are gone are not looked at, and of many the first, with how many are left out`() {
        #expect(SyntaxPlan.candidates([file("a.py", .deleted), file("b.py", .added)]).wanted.map(\.path) == ["b.py"])
        let many = (0..<SyntaxPlan.mostFiles + 7).map { file("\($0).py", .added) }
        let (wanted, others) = SyntaxPlan.candidates(many)
        #expect(wanted.count == SyntaxPlan.mostFiles && others == 7)
        #expect(SyntaxPlan([], others: others).notes.first?.contains("that of 7 was not") == true)
    }

    @Test func `what is too large is named, and not looked at`() {
        let plan = SyntaxPlan([SourceFile(path: "a.json", text: nil), SourceFile(path: "b.bin", text: nil)])
        #expect(plan.batches.isEmpty && plan.notes.count == 1 && plan.notes.first?.contains("`a.json`") == true)
    }

    @Test func `a file is compared with what it was where that was of the same kind`() {
        #expect(SourceFile(file("a.py", .modified), text: "").oldPath == "a.py")
        #expect(SourceFile(file("a.py", .renamed, from: "b.py"), text: "").oldPath == "b.py")
        #expect(SourceFile(file("a.py", .renamed, from: "b.txt"), text: "").oldPath == nil)
        for status in [DiffSummary.Status.added, .typeChanged] {
            #expect(SourceFile(file("a.py", status), text: "").oldPath == nil)
        }
    }

    @Test func `a command takes paths as arguments, and its text is one line`() throws {
        let name = "a; rm -rf x\n# Heading.sh"
        let batch = try #require(SyntaxPlan([SourceFile(path: name, text: "")]).batches.first)
        #expect(batch.arguments.last == "./\(name)" && !batch.text.contains("\n"))
    }

    @Test func `without files that are known to be broken the others are looked at`() {
        let plan = SyntaxPlan([SourceFile(path: "a.py", text: ""), SourceFile(path: "b.sh", text: "")])
        let rest = plan.without(["a.py"])
        #expect(rest.batches.map(\.text) == ["syntax (bash): b.sh"] && rest.notes.first?.contains("`a.py`") == true)
    }

    // MARK: What the programs say

    /// What the command says of a file: 127 where the program is not here.
    private func verdict(_ name: String, _ text: String, _ more: [String: String] = [:]) async throws -> Int {
        try await TemporaryFolder.with("syntax") { folder in
            for (name, text) in more.merging([name: text], uniquingKeysWith: { $1 }) { try folder.write(name, text) }
            let batch = try #require(SyntaxPlan([SourceFile(path: name, text: text)]).batches.first)
            let script = "cd \"$1\" && shift && \"$@\" >/dev/null 2>&1; echo $?"
            let output = try await Program.run(["sh", "-c", script, "sh", folder.path] + batch.arguments)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == more.count + 1)
            return try #require(Int(output.trimmed))
        }
    }

    @Test(
        arguments: [
            ("a.py", "def f(:\n"), ("a.js", "function f( {\n"), ("a.mjs", "import from;\n"),
            ("a.sh", "if true; then\n"),
            ("a.rb", "def f(\n"), ("a.php", "<?php function f( {\n"), ("a.go", "package a\nfunc f( {\n"),
            ("a.swift", "func f( {\n"), ("a.json", "{\"a\": 1,}\n"), ("a.yaml", "a: [1\n"), ("a.toml", "a = \n"),
            ("a.xml", "<a><b></a>\n"), ("tsconfig.json", "{\"a\": }\n"),
        ])
    func `what cannot be read is found wherever the program is there`(_ name: String, _ text: String) async throws {
        let code = try await verdict(name, text)
        #expect(code == 1 || code == SyntaxVerdict.absentCode)
    }

    @Test(
        arguments: [
            ("a.py", "raise SystemExit(7)\n"), ("a.py", ""), ("a.js", "return 1\n"), ("a.js", "export default 1\n"),
            ("a.js", "#!/usr/bin/env node\nthrow 1\n"), ("a.cjs", "process.exit(7)\n"), ("a.sh", "exit 7\n"),
            ("a.sh", "case $a in !(b)) ;; esac\n"), ("a.rb", "BEGIN { exit 7 }\n"), ("a.php", "<?php exit(7);\n"),
            ("a.go", "package a\n"), ("a.swift", "print(/a+/)\n"), ("a.json", "{}\n[]\n"), ("a.json", ""),
            ("tsconfig.json", "// a\n{\"a\": \"//b\", /* c */ \"d\": [1,],}\n"), ("a.yaml", "a: !b [1]\n---\nc: 1\n"),
            ("a.toml", "a = 1\n"), ("a.svg", "<svg/>\n"),
        ])
    func `what can be read is, and nothing of it runs`(_ name: String, _ text: String) async throws {
        let code = try await verdict(name, text)
        #expect(code == 0 || code == SyntaxVerdict.absentCode)
    }

    @Test func `what a build or a newer program would understand is nobody's fault`() async throws {
        let newer = ["pyproject.toml": "[project]\nrequires-python = \">=3.99\"\n"]
        for code in [
            try await verdict("a.js", "const a = <b/>;\n"), try await verdict("a.py", "new syntax\n", newer),
        ] { #expect(code == SyntaxVerdict.unknownCode || code == SyntaxVerdict.absentCode) }
    }

    @Test func `a module of the tree takes no part in looking at it`() async throws {
        let hostile = ["json.py": "raise SystemExit(0)\n", "traceback.py": "raise SystemExit(0)\n"]
        let code = try await verdict("a.json", "{", hostile)
        #expect(code == 1 || code == SyntaxVerdict.absentCode)
    }
}
