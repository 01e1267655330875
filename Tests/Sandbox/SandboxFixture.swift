import Foundation
import Sandbox

/// A work tree in a folder that only its owner may enter, and the sandbox of this host.
struct SandboxFixture: Sendable {
    let sandbox: Sandbox
    let folder: URL
    let workTree: String

    /// Runs `body` and removes the folder.
    static func with(
        _ mode: SandboxMode = .bubblewrap, _ body: (SandboxFixture) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sandbox-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let workTree = folder.appending(path: "closed/tree")
        try FileManager.default.createDirectory(at: workTree, withIntermediateDirectories: true)
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o700], ofItemAtPath: folder.appending(path: "closed").path)
        let sandbox = try await Sandbox.detect(mode)
        try await sandbox.prepare(workTree: workTree.path)
        try await body(.init(sandbox: sandbox, folder: folder, workTree: workTree.path))
    }

    /// Runs `script` in the shell.
    func shell(
        _ script: String, timeout: Duration = .seconds(30), limits: SandboxLimits = .init()
    ) async throws -> CommandOutcome {
        try await sandbox.run(.shell(script, workTree: workTree, timeout: timeout, limits: limits))
    }
}
