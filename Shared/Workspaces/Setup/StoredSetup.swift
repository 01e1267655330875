import FoundationEssentials
import Foundations
import Git
import Sandbox
import Setup

/// What was installed, as long as this value lives.
package final class StoredSetup: Sendable {
    /// The parts of its folder: the home of its commands, the folders that they left in the work tree by number, and
    /// the list of these.
    static let home = "home"
    static let kept = "kept"
    static let list = "kept.json"

    /// Folders in others that tools write to when they only use what was installed, by the name of the outer one.
    static let written = ["node_modules": [".cache", ".vite", ".vite-temp", ".vitest"]]

    let path: String
    /// The folders of the work tree that belong to it, by number.
    let folders: [String]
    private let lock: FileLock

    init(_ path: String, _ lock: FileLock) throws {
        self.path = path
        self.lock = lock
        let list = try Data(contentsOf: URL(filePath: "\(path)/\(Self.list)"))
        folders = try JSONValue(parsing: list).arrayValue?.compactMap(\.stringValue) ?? []
    }

    /// The sandbox, in which commands see what was installed and cannot change it.
    func shown(in sandbox: Sandbox) -> Sandbox {
        var mounts = [SandboxMount("\(path)/\(Self.home)", at: SetupPlaces.home)]
        for (index, folder) in folders.enumerated() {
            let place = "\(Sandbox.workspace)/\(folder)"
            mounts.append(SandboxMount("\(path)/\(Self.kept)/\(index)", at: place))
            let name = folder.split(separator: "/").last.map(String.init) ?? ""
            mounts += (Self.written[name] ?? []).filter { isFolder("\(index)/\($0)") }
                .map { SandboxMount(temporaryAt: "\(place)/\($0)") }
        }
        return sandbox.showing(mounts, environment: SetupPlaces.using, lookingUp: SetupPlaces.searchPath, owner: self)
    }

    /// Not where commands of the setup put a link.
    private func isFolder(_ name: String) -> Bool {
        let path = "\(path)/\(Self.kept)/\(name)"
        let type = (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType
        return type == .typeDirectory
    }

    /// The script by which another setup goes on from here, seen at ``SetupPlaces/earlier``.
    var copying: String {
        let copies = folders.enumerated().map { index, folder in
            let place = LockFile.quoted("./\(folder)")
            return "mkdir -p \(place) && cp -a \(SetupPlaces.earlier)/\(Self.kept)/\(index)/. \(place)"
        }
        return (["cp -a \(SetupPlaces.earlier)/\(Self.home)/. \(SetupPlaces.home)"] + copies).joined(separator: " && ")
    }
}
