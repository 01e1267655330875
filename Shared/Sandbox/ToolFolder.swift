import FoundationEssentials

/// A folder with programs outside of the system that the operator shows to commands.
struct ToolFolder: Sendable, Hashable {
    let path: String
    /// What manages the versions in it, if one is known.
    let manager: VersionManager?

    init(_ path: String) {
        self.path = path
        manager = VersionManager.all.first { $0.manages(path) }
    }

    /// Where its programs are looked up: of several versions in one.
    var searchPath: [String] {
        if let manager { return manager.programs(below: path) }
        let programs = "\(path)/bin"
        return [FileManager.default.fileExists(atPath: programs) ? programs : path]
    }

    /// What leads its programs to it: they look below a home that is not theirs in the sandbox.
    var environment: [String: String] {
        manager.flatMap { manager in manager.variable.map { [$0: path] } } ?? [:]
    }
}
