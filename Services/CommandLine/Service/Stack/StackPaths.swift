import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// The files of a private stack, below `.automata` in a folder.
struct StackPaths: Sendable {
    /// Absolute.
    let root: String

    /// The stack of the working directory, or of `AUTOMATA_STACK`.
    static var current: StackPaths {
        let folder = ProcessInfo.processInfo.environment["AUTOMATA_STACK"] ?? ".automata"
        return StackPaths(root: URL(fileURLWithPath: folder).standardizedFileURL.path)
    }

    var state: String { "\(root)/stack.json" }
    var clientSettings: String { "\(root)/client.env" }
    /// What became of what the supervisor starts.
    var supervised: String { "\(root)/supervised.json" }
    /// Leads to the file of tasks, once tasks can be taken.
    var tasks: String { "\(root)/tasks.yaml" }
    var keys: String { "\(root)/keys.json" }
    var passwords: String { "\(root)/passwords.json" }
    var logs: String { "\(root)/logs" }
    var natsConfiguration: String { "\(root)/nats.conf" }
    var natsStore: String { "\(root)/nats" }
    private var homes: String { "\(shared)/home" }
    var postgres: String { "\(shared)/postgres" }

    func home(_ name: String) -> String { "\(homes)/\(name)" }

    func log(_ name: String) -> String { "\(logs)/\(name).log" }

    /// Where the files lie that other accounts have to reach: root runs Postgres and the sandbox's commands as others.
    /// ``root``, unless root runs the stack in a folder that they cannot enter, such as one below `/root`.
    var shared: String {
        guard geteuid() == 0, !Self.othersMayEnter(root) else { return root }
        let hash = root.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        return "/var/lib/automata/\(String(hash, radix: 16))"
    }

    /// Whether every folder above `path` lets any account pass.
    static func othersMayEnter(_ path: String) -> Bool {
        var folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        while folder.path != "/" {
            var status = stat()
            guard stat(folder.path, &status) == 0, status.st_mode & S_IXOTH != 0 else { return false }
            folder.deleteLastPathComponent()
        }
        return true
    }

    /// Other accounts pass through where root runs Postgres and commands as them; they can list and read nothing.
    func create() throws {
        let isRoot = geteuid() == 0
        for folder in [root, shared, homes] {
            try PrivateFile.createFolder(folder, isPassage: isRoot)
            guard PrivateFile.isOwn(folder) else {
                throw Failure("\(folder) belongs to another account: remove it, or set AUTOMATA_STACK", Exit.settings)
            }
        }
        for folder in [logs, natsStore] { try PrivateFile.createFolder(folder) }
    }

    /// Makes the folder of a service, in which it gives its commands' account what they need.
    func createHome(_ name: String) throws { try PrivateFile.createFolder(home(name), isPassage: geteuid() == 0) }

    /// Removes everything that the stack keeps.
    func remove() {
        for folder in Set([root, shared]) { try? FileManager.default.removeItem(atPath: folder) }
        // The folder of all shared folders goes with the last of them.
        if shared != root { rmdir(URL(fileURLWithPath: shared).deletingLastPathComponent().path) }
    }
}
