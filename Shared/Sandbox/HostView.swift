import FoundationEssentials

/// What of the host a command may see: the system, read-only, and nothing of its users, services or settings.
struct HostView: Sendable {
    /// Folders that hold programs and libraries.
    private static let system = ["/usr", "/opt", "/nix/store"]
    /// Parts of `/usr` that older systems keep as folders of their own.
    private static let merged = ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
    /// What programs need of `/etc`. Files that hold keys of the host or settings of its tools are left out.
    private static let settings = [
        "alternatives", "bash.bashrc", "ca-certificates", "ca-certificates.conf", "debian_version", "fonts", "group",
        "host.conf", "hosts", "java-11-openjdk", "java-17-openjdk", "java-21-openjdk", "ld.so.cache", "ld.so.conf",
        "ld.so.conf.d", "localtime", "magic", "mime.types", "maven", "networks", "nsswitch.conf", "os-release",
        "passwd", "perl", "pki/ca-trust", "pki/java", "pki/tls/certs", "profile", "protocols", "python3",
        "python3.11", "services", "shells", "ssl/certs", "ssl/openssl.cnf", "terminfo", "timezone",
    ]
    /// The options that hide what tells of the host's keys: a command inherits the keyrings of the service.
    static let hidden = ["/proc/keys", "/proc/key-users"].filter(FileManager.default.fileExists).flatMap {
        ["--ro-bind", "/dev/null", $0]
    }
    private static let standardSearchPath = [
        "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
    ]

    /// The options of bubblewrap that show the system.
    let mounts: [String]
    /// Those that show what ``mounts`` is made from, to the sandbox itself. They are few, since each mount costs time.
    let sources: [String]
    /// Where commands are looked up.
    let searchPath: [String]
    /// Variables that lead tool chains to their folders.
    let environment: [String: String]
    /// Where the service looks up programs and commands cannot.
    let hidden: [String]
    private let shown: [String]

    /// - Parameter showsAll: Whether nothing of the host is hidden, as without a sandbox.
    init(_ configuration: SandboxConfiguration, showsAll: Bool = false) {
        let files = FileManager.default
        let shown = (Self.system + configuration.readOnlyPaths).filter(files.fileExists)
        let seen = showsAll ? ["/"] : shown
        self.shown = seen
        let etc = Self.settings.map { "/etc/\($0)" }.filter(files.fileExists)
        let merged = Self.merged.flatMap(Self.mount)
        mounts = Self.readOnly(shown + etc) + merged
        sources = Self.readOnly(shown + ["/etc"]) + merged
        let inherited = configuration.searchPath.filter { $0.hasPrefix("/") && files.fileExists(atPath: $0) }
        let tools = configuration.readOnlyPaths.filter(shown.contains).map(ToolFolder.init)
        let visible = inherited.filter { Self.isShown($0, in: seen) }
        hidden = inherited.filter { !visible.contains($0) && !Self.isShown($0, in: Self.standardSearchPath) }
        searchPath = Self.unique(Self.lookups(in: tools, visible) + visible + Self.standardSearchPath)
        environment = tools.reduce(into: [:]) { $0.merge($1.environment) { first, _ in first } }
    }

    /// Where programs of the operator's folders are looked up, before those of the system: where the service does so
    /// itself, else where the folder keeps them.
    private static func lookups(in tools: [ToolFolder], _ visible: [String]) -> [String] {
        tools.flatMap { tool in
            let own = visible.filter { isShown($0, in: [tool.path]) }
            return own.isEmpty ? tool.searchPath : own
        }
    }

    /// Whether commands see `path`.
    func shows(_ path: String) -> Bool { Self.isShown(path, in: shown) }

    private static func isShown(_ path: String, in folders: [String]) -> Bool {
        folders.contains { path == $0 || path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
    }

    /// The options that show host paths at the same place. Bubblewrap would make the folders above them for its own
    /// user alone.
    static func readOnly(_ paths: [String]) -> [String] {
        let above = unique(paths.flatMap(folders(above:)))
        return above.flatMap(folder) + paths.flatMap { ["--ro-bind-try", $0, $0] }
    }

    /// The options that make a folder which every account may enter.
    static func folder(_ path: String) -> [String] { ["--perms", "0755", "--dir", path] }

    static func folders(above path: String) -> [String] {
        let names = path.split(separator: "/").dropLast()
        return names.indices.map { "/" + names[...$0].joined(separator: "/") }
    }

    private static func mount(_ path: String) -> [String] {
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
            return ["--symlink", target, path]
        }
        return FileManager.default.fileExists(atPath: path) ? ["--ro-bind", path, path] : []
    }

    private static func unique(_ folders: [String]) -> [String] {
        folders.reduce(into: []) { found, folder in
            if !found.contains(folder) { found.append(folder) }
        }
    }
}
