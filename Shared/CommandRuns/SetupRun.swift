import Contracts
import FoundationEssentials
import Foundations
import Git
import Glibc
import Sandbox
import Setup
import Workspaces

/// Runs the commands of a setup on the base commit, with a way out through the proxy, and keeps what they installed.
struct SetupRun: Sendable {
    private static let files = BlockingPool(label: "setup.files", width: 2)
    private static let limits = SandboxLimits(workTreeBytes: 8 << 30, keptOutputBytes: 16 << 10)

    let plan: SetupPlan
    let mirror: Mirror
    let sandbox: Sandbox
    let hosts: FetchList
    let addresses: AddressPolicy
    /// Of each command.
    let timeout: Duration
    /// The program that forwards connections, see ``ForwardCommand``.
    let program: String
    /// Told after each command.
    let progressed: @Sendable () -> Void

    /// Makes `folder` a ``StoredSetup``: of the base, or where there is an `earlier` one, of the change on top.
    func make(_ folder: String, from earlier: StoredSetup?) async throws {
        let tree = try await WorkTree.checkout(mirror: mirror, commit: plan.base, at: "\(folder)/tree")
        let home = "\(folder)/\(StoredSetup.home)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
        if earlier != nil, let change = plan.change { try await tree.put(change.files) }
        for path in [tree.directory, home] { try await sandbox.prepare(workTree: path) }
        try await ProxySocket.with(hosts, addresses) { proxy in
            for command in commands(from: earlier) {
                try await run(command, in: tree.directory, home: home, earlier, proxy)
            }
        }
        try await keep(tree, in: folder)
    }

    /// Each with what people are told it is.
    private func commands(from earlier: StoredSetup?) -> [(text: String, script: String)] {
        guard let earlier, let change = plan.change else { return plan.steps.commands.map { ($0, $0) } }
        return [("cp", earlier.copying)] + change.commands.map { ($0, $0) }
    }

    private func run(
        _ command: (text: String, script: String), in tree: String, home: String, _ earlier: StoredSetup?,
        _ proxy: AllowListProxy
    ) async throws {
        let forwarding = [SetupPlaces.forwarder, ForwardCommand.name, SetupPlaces.socket]
        var mounts = [
            SandboxMount(home, at: SetupPlaces.home, isWritable: true),
            SandboxMount(proxy.path, at: SetupPlaces.socket), SandboxMount(program, at: SetupPlaces.forwarder),
        ]
        if let earlier { mounts.append(SandboxMount(earlier.path, at: SetupPlaces.earlier)) }
        let outcome = try await sandbox.run(
            SandboxCommand(
                forwarding + Shell.arguments(command.script), workTree: tree, timeout: timeout, limits: Self.limits,
                mounts: mounts, hasNetwork: true))
        progressed()
        guard outcome.succeeded else { throw SetupFailure(command.text, outcome, refused: proxy.notes) }
    }

    /// Moves the folders that the commands left in the tree to their places, and removes the tree.
    private func keep(_ tree: WorkTree, in folder: String) async throws {
        let tracked = try await mirror.paths(at: plan.base)
        try await Self.files.run {
            let kept = "\(folder)/\(StoredSetup.kept)"
            try FileManager.default.createDirectory(atPath: kept, withIntermediateDirectories: false)
            let found = try NewFolders.find(in: tree.directory, tracked: tracked)
            for (index, path) in found.enumerated() { try Self.move(path, of: tree.directory, to: "\(kept)/\(index)") }
            let list = try JSONValue.strings(found).data()
            try list.write(to: URL(filePath: "\(folder)/\(StoredSetup.list)"))
        }
        try await tree.remove()
    }

    /// Blocking. Nothing of the commands runs any more.
    private static func move(_ path: String, of tree: String, to place: String) throws {
        let source = "\(tree)/\(path)"
        // To move a folder one must be allowed to write it.
        try FileAccess.grant(S_IRWXU, source, in: AT_FDCWD)
        guard rename(source, place) == 0 else { throw FileFailure(errno) }
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        for inner in StoredSetup.written[name] ?? [] { mkdir("\(place)/\(inner)", 0o755) }
    }
}
