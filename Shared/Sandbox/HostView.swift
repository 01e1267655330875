import FoundationEssentials

/// What of the host a command may see: the system, read-only, and nothing of its users, services or settings.
struct HostView: Sendable {
    /// The shell that runs scripts.
    static let shell = FileManager.default.isExecutableFile(atPath: "/bin/bash") ? "/bin/bash" : "/bin/sh"

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

    init(_ configuration: SandboxConfiguration) {
        let files = FileManager.default
        let shown = (Self.system + configuration.readOnlyPaths).filter(files.fileExists)
        let etc = Self.settings.map { "/etc/\($0)" }.filter(files.fileExists)
        let merged = Self.merged.flatMap(Self.mount)
        mounts = Self.readOnly(shown + etc) + merged
        sources = Self.readOnly(shown + ["/etc"]) + merged
        let visible = configuration.searchPath.filter { folder in
            shown.contains { folder == $0 || folder.hasPrefix($0 + "/") } && files.fileExists(atPath: folder)
        }
        searchPath = Self.unique(visible + Self.standardSearchPath)
    }

    /// The options that show host paths at the same place. Bubblewrap would make the folders above them for its own
    /// user alone.
    static func readOnly(_ paths: [String]) -> [String] {
        let above = unique(paths.flatMap(folders(above:)))
        return above.flatMap { ["--perms", "0755", "--dir", $0] } + paths.flatMap { ["--ro-bind-try", $0, $0] }
    }

    private static func folders(above path: String) -> [String] {
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
