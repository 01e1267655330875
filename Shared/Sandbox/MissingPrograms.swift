import FoundationEssentials

/// Says of programs that a command did not find whether the host has them all the same.
struct MissingPrograms: Sendable {
    /// How much of the end of an output is looked at, in bytes.
    private static let tail = 8 << 10
    private static let mostNames = 20

    /// Folders in which the service finds programs and commands do not.
    let hidden: [String]

    /// For people; `nil` where the host lacks them as well. No path of the host is told.
    func note(on output: String) -> String? {
        guard !hidden.isEmpty else { return nil }
        let names = Self.names(in: output).filter { name in
            hidden.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
        }
        guard !names.isEmpty else { return nil }
        let list = names.map { "`\($0)`" }.joined(separator: ", ")
        return "[\(list): installed on this host, but in a folder that commands do not see. Its operator shows it to "
            + "them by SANDBOX_PATHS; `automata doctor` names the folder.]"
    }

    /// The programs that shells, make, env and languages report as not found, each once.
    static func names(in output: String) -> [String] {
        let text = String(decoding: output.utf8.suffix(tail), as: UTF8.self)
        let before =
            /['‘"]?([A-Za-z0-9_][A-Za-z0-9_.+\-]{0,63})['’"]?: (?:command not found(?!:)|not found|No such file or directory|executable file not found)/
        // zsh, Python, Ruby, node, Java
        let behind =
            /(?:command not found: |No such file or directory: '|No such file or directory - |spawn |run program ")([A-Za-z0-9_][A-Za-z0-9_.+\-]{0,63})/
        var names: [String] = []
        for name in [before, behind].flatMap({ text.matches(of: $0) }).map({ String($0.1) })
        where !names.contains(name) {
            names.append(name)
            if names.count == mostNames { break }
        }
        return names
    }
}
