import Contracts
import FoundationEssentials
import Sandbox
import ServiceKit

/// The folders with tools that an operator shows to commands: `SANDBOX_PATHS`.
enum SandboxPaths {
    /// Folders that hold what commands must not see, whatever tools are below them.
    private static let refused: Set = ["/", "/etc", "/home", "/root", "/run", "/tmp", "/var", "/var/lib"]
    /// What the sandbox makes anew.
    private static let made = ["/proc", "/sys", "/dev", Sandbox.workspace]

    /// Throws ``SettingsError`` where a folder is missing, or would show more than tools.
    static func read(
        _ source: SettingsSource, account home: String? = ProcessInfo.processInfo.environment["HOME"]
    ) throws -> [String] {
        let services = resolved(URL(fileURLWithPath: try source.required(.home)).path)
        let texts = try source.list(.sandboxPaths).flatMap { $0.split(separator: ":").map(String.init) }
        return try texts.map { text in
            let path = try plain(text, home)
            let real = resolved(path)
            guard !refused.contains(real), !isHome(real), real != home.map(resolved),
                !made.contains(where: { isAt(real, below: $0) })
            else { throw refusal("\(text) is no folder of tools: name the folders below it") }
            guard !isAt(services, below: real), !isAt(real, below: services) else {
                throw refusal("\(text) would show AUTOMATA_HOME to commands")
            }
            return path
        }
    }

    /// The absolute path of a folder that is there, without what is redundant in it.
    private static func plain(_ text: String, _ home: String?) throws -> String {
        var text = text
        if text.hasPrefix("~/"), let home { text = home + text.dropFirst() }
        let parts = text.split(separator: "/").filter { $0 != "." }
        guard text.hasPrefix("/"), !parts.contains("..") else {
            throw refusal("expected absolute paths separated by commas, got \(text.prefix(200))")
        }
        let path = "/" + parts.joined(separator: "/")
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder else {
            throw refusal("there is no folder \(path.prefix(200))")
        }
        return path
    }

    private static func refusal(_ reason: String) -> SettingsError { SettingsError(.sandboxPaths, reason) }

    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }

    /// Whether it is what one account has for itself.
    private static func isHome(_ path: String) -> Bool {
        path.hasPrefix("/home/") && path.split(separator: "/").count == 2
    }

    private static func isAt(_ path: String, below folder: String) -> Bool {
        path == folder || path.hasPrefix("\(folder)/")
    }
}
