/// Tells whether files of one language can be read at all, by a program that needs nothing of the project and runs
/// nothing of what it reads. A new language is a row of ``all``.
///
/// What is no row has a reason: `perl -c` runs parts of the file, and compilers of C, Java, Rust or TypeScript judge it
/// by what the project says.
package struct SyntaxChecker: Sendable, Hashable {
    package let language: String
    /// What has to be installed, for people.
    package let program: String
    let suffixes: [String]
    /// What a first line `#!` names.
    let interpreters: Set<String>
    /// A script for `sh`: it is given paths, and ends with what ``SyntaxVerdict`` knows.
    private let script: String
    /// What the script has as `$0`.
    private let text: String

    init(
        _ language: String, _ suffixes: [String], interpreters: Set<String> = [], program: String, _ script: String,
        text: String = "syntax"
    ) {
        self.language = language
        self.suffixes = suffixes
        self.interpreters = interpreters
        self.program = program
        self.script = script
        self.text = text
    }

    /// An argument vector, never a shell's text: a path may hold anything.
    func arguments(for paths: [String]) -> [String] { ["/bin/sh", "-c", script, text] + paths.map { "./\($0)" } }

    /// A language whose program is asked about one `$file` after the other.
    ///
    /// - Parameters:
    ///   - probe: Passes where the program is there and works: a version manager may only pretend it is.
    ///   - failures: What it ends with where a file cannot be read.
    static func each(
        _ language: String, _ suffixes: [String], interpreters: Set<String> = [], program: String, probe: String,
        _ command: String, failures: String = "1|2"
    ) -> SyntaxChecker {
        SyntaxChecker(
            language, suffixes, interpreters: interpreters, program: program,
            """
            \(probe) >/dev/null 2>&1 || exit \(SyntaxVerdict.absentCode)
            status=0
            for file do
                \(command)
                case $? in 0) ;; \(failures)) status=1 ;; *) exit \(SyntaxVerdict.unknownCode) ;; esac
            done
            exit $status
            """)
    }

    /// A language that Python reads. It is asked alone: no file of the tree takes part.
    static func python(
        _ language: String, _ suffixes: [String], interpreters: Set<String> = [], program: String = "python3",
        _ text: String
    ) -> SyntaxChecker {
        SyntaxChecker(
            language, suffixes, interpreters: interpreters, program: program,
            """
            python3 --version >/dev/null 2>&1 || exit \(SyntaxVerdict.absentCode)
            exec python3 -I -W ignore -c "$0" "$@"
            """, text: text + "\n" + SyntaxPrograms.pythonLoop)
    }

    /// In the order in which they are asked.
    package static let all: [SyntaxChecker] = [
        .python("Python", [".py", ".pyi"], interpreters: ["python", "python3"], SyntaxPrograms.python),
        SyntaxChecker(
            "JavaScript", [".js", ".mjs", ".cjs"], interpreters: ["node", "nodejs"], program: "node",
            """
            node --version >/dev/null 2>&1 || exit \(SyntaxVerdict.absentCode)
            exec node --no-warnings --experimental-vm-modules -e "$0" -- "$@"
            """, text: SyntaxPrograms.javaScript),
        // Also for other shells of the family: it takes what they take, and a pattern of `extglob` is no error.
        .each(
            "shell", [".sh", ".bash"], interpreters: ["bash", "sh", "dash", "ash"], program: "bash",
            probe: "bash --version", "bash -O extglob -n \"$file\""),
        .each(
            "Ruby", [".rb", ".rake", ".gemspec"], interpreters: ["ruby"], program: "ruby", probe: "ruby --version",
            "ruby --disable=gems,rubyopt -c \"$file\" >/dev/null"),
        .each(
            "PHP", [".php"], interpreters: ["php"], program: "php", probe: "php --version",
            "php -n -l \"$file\"", failures: "1|2|255"),
        .each(
            "Go", [".go"], program: "gofmt", probe: "echo package a | gofmt", "gofmt -e -l \"$file\" >/dev/null"),
        // The second time with what newer versions of the language take by themselves.
        .each(
            "Swift", [".swift"], program: "swiftc", probe: "swiftc --version",
            "swiftc -frontend -parse \"$file\" >/dev/null 2>&1 "
                + "|| swiftc -frontend -parse -enable-bare-slash-regex \"$file\""),
        .python("JSON", [".json", ".jsonc"], SyntaxPrograms.json),
        .python("YAML", [".yml", ".yaml"], program: "python3 with PyYAML", SyntaxPrograms.yaml),
        .python("TOML", [".toml"], program: "python3 with tomllib", SyntaxPrograms.toml),
        .python("XML", [".xml", ".svg", ".xsd", ".csproj"], SyntaxPrograms.xml),
    ]

    /// Formats of data: there, marks of a template are no part of the language.
    var isOfData: Bool { ["JSON", "YAML", "TOML", "XML"].contains(language) }

    /// The checker of a file, by its name or its first line.
    static func of(_ path: String, firstLine: String) -> SyntaxChecker? {
        if hasSuffix(path) { return all.first { $0.suffixes.contains(where: path.hasSuffix) } }
        guard let interpreter = interpreter(firstLine) else { return nil }
        return all.first { $0.interpreters.contains(interpreter) }
    }

    /// Whether the name of a file has an ending: then nothing but that counts.
    static func hasSuffix(_ path: String) -> Bool {
        (path.split(separator: "/").last ?? "").dropFirst().contains(".")
    }

    /// Whether it may be worth reading a file: for its suffix, or because its first line may tell.
    static func mayKnow(_ path: String) -> Bool {
        !hasSuffix(path) || all.contains { $0.suffixes.contains(where: path.hasSuffix) }
    }

    /// `python3` of `#!/usr/bin/env -S python3 -u`.
    private static func interpreter(_ line: String) -> String? {
        guard line.hasPrefix("#!") else { return nil }
        let words = line.dropFirst(2).split(whereSeparator: \.isWhitespace)
            .map { String($0.split(separator: "/").last ?? "") }
        guard words.first == "env" else { return words.first }
        return words.dropFirst().first { !$0.hasPrefix("-") && !$0.contains("=") }
    }
}
