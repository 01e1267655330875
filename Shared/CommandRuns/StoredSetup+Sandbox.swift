import FoundationEssentials
import Sandbox
import Setup
import Workspaces

extension StoredSetup {
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
