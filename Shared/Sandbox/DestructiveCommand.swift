/// Finds commands that destroy a host, for hosts without a sandbox. It looks at what is written, not at what it does:
/// whoever means harm gets around it.
enum DestructiveCommand {
    private static let raisers: Set = ["sudo", "su", "doas", "pkexec"]
    private static let machine: Set = ["shutdown", "reboot", "halt", "poweroff", "init", "telinit"]
    private static let disks: Set = [
        "wipefs", "blkdiscard", "fdisk", "sfdisk", "cfdisk", "sgdisk", "parted", "mkswap", "mount", "umount",
        "pvremove", "vgremove", "lvremove",
    ]
    private static let changers: Set = ["rm", "chmod", "chown", "chgrp", "mv", "shred", "find"]
    /// Words in front of the program that a command runs.
    private static let wrappers: Set = [
        "env", "exec", "nohup", "time", "nice", "command", "builtin", "xargs", "then", "do", "else", "!",
    ]
    /// The option of a shell that has a word of its own.
    private static let shellOption = "pipefail"
    private static let harmlessDevices: Set = ["null", "zero", "full", "random", "urandom", "stdout", "stderr", "tty"]

    /// What a command would do; `nil` if it is none of those. The script of a shell is looked at command by command.
    static func reason(in arguments: [String]) -> String? {
        guard let first = arguments.first, isShell(first) else { return reason(words: arguments) }
        let rest = arguments.dropFirst()
        let option = rest.firstIndex { $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.hasSuffix("c") }
        let script = (option.map { rest[($0 + 1)...] } ?? rest.drop { $0.hasPrefix("-") }).joined(separator: " ")
        if isForkBomb(script) { return "this is a fork bomb" }
        return commands(in: script).lazy.compactMap(reason(words:)).first
    }

    /// `:(){ :|:& };:` under any name: a function whose body pipes it into itself.
    private static func isForkBomb(_ script: String) -> Bool {
        let parts = script.split(separator: "(", omittingEmptySubsequences: false)
        return zip(parts, parts.dropFirst()).contains { before, after in
            let name = before.split { $0.isWhitespace || ";&|){}".contains($0) }.last ?? ""
            return !name.isEmpty && after.filter { !$0.isWhitespace }.hasPrefix("){\(name)|\(name)")
        }
    }

    private static func commands(in script: String) -> [[String]] {
        script.split { ";&|\n(){}`".contains($0) }.map { command in
            command.split { " \t".contains($0) }.map { $0.filter { !"\"'\\".contains($0) } }.filter { !$0.isEmpty }
        }
    }

    private static func reason(words: [String]) -> String? {
        if let target = redirection(words), isDevice(target) { return "`> \(target)` overwrites a device" }
        // Options of a wrapper or a shell, and no dash of a list.
        var isBehindWrapper = false
        let words = words.drop { word in
            let isWrapper = wrappers.contains(word) || isShell(word)
            isBehindWrapper = isBehindWrapper || isWrapper
            return isWrapper || word.contains("=")
                || isBehindWrapper && (word.hasPrefix("-") || word == shellOption)
        }
        guard let first = words.first, let program = first.split(separator: "/").last.map(String.init) else {
            return nil
        }
        let rest = Array(words.dropFirst())
        if raisers.contains(program) { return "`\(program)` asks for the rights of another account" }
        if machine.contains(program) { return "`\(program)` stops the host" }
        if disks.contains(program) || program.hasPrefix("mkfs") { return "`\(program)` changes file systems" }
        if program == "dd", let target = rest.first(where: { $0.hasPrefix("of=") }),
            isDevice(String(target.dropFirst(3)))
        {
            return "`dd \(target)` overwrites a device"
        }
        guard changers.contains(program), changesMuch(program, rest) else { return nil }
        return rest.first(where: isSystemFolder).map { "`\(program)` on `\($0)` destroys the host's files" }
    }

    private static func isShell(_ word: String) -> Bool {
        ["sh", "bash", "dash", "zsh"].contains(word.split(separator: "/").last.map(String.init) ?? "")
    }

    private static func redirection(_ words: [String]) -> String? {
        for (index, word) in words.enumerated() {
            guard let arrow = word.lastIndex(of: ">") else { continue }
            let target = word[word.index(after: arrow)...]
            return target.isEmpty ? words.dropFirst(index + 1).first : String(target)
        }
        return nil
    }

    private static func changesMuch(_ program: String, _ arguments: [String]) -> Bool {
        let flags = arguments.filter { $0.hasPrefix("-") }
        switch program {
        case "find": return flags.contains("-delete") || flags.contains { $0.hasPrefix("-exec") }
        case "mv", "shred": return true
        default:
            return flags.contains { flag in
                flag == "--recursive" || flag == "--no-preserve-root"
                    || !flag.hasPrefix("--") && flag.contains { "rR".contains($0) }
            }
        }
    }

    /// The root, a home folder, or a folder right below the root; with or without a `*` behind it.
    private static func isSystemFolder(_ argument: String) -> Bool {
        if argument.hasPrefix("~") || argument.hasPrefix("$HOME") {
            return !argument.contains("/") || argument.hasSuffix("/") || argument.hasSuffix("/*")
        }
        guard argument.hasPrefix("/") else { return false }
        let parts = argument.split(separator: "/").filter { $0 != "." && $0 != "*" }
        return parts.contains("..") || parts.count < 2 && parts.first != "tmp"
    }

    private static func isDevice(_ path: String) -> Bool {
        let parts = path.split(separator: "/")
        return path.hasPrefix("/dev/") && parts.count > 1 && !["shm", "fd", "pts"].contains(parts[1])
            && !harmlessDevices.contains(String(parts[1]))
    }
}
