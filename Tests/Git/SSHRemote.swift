import Foundation
import Foundations
import TestSupport

/// A Git repository behind an SSH server of its own on a loopback port.
final class SSHRemote: Sendable {
    let repository: GitRemote
    let port: Int
    let folder: TemporaryFolder
    private let server: ServerProcess

    /// Where Debian and others keep the server, which must be started by its full path.
    static let program = ["/usr/sbin/sshd", "/usr/local/sbin/sshd"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    var url: String { "ssh://\(NSUserName())@127.0.0.1:\(port)\(repository.url)" }

    init(_ repository: GitRemote) async throws {
        self.repository = repository
        port = try FreePort.next()
        let folder = try TemporaryFolder("git-ssh")
        self.folder = folder
        for (name, kind, passphrase) in [
            ("host", "ed25519", ""), ("plain", "ed25519", ""), ("rsa", "rsa", ""), ("locked", "ed25519", "open sesame"),
            ("stranger", "ed25519", ""),
        ] {
            try await Program.run(
                ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", name, "-f", folder.path(name)])
        }
        let keys = try ["plain", "rsa", "locked"].map { try folder.read("\($0).pub") }.joined()
        try folder.write("authorized", keys)
        let settings = """
            ListenAddress 127.0.0.1:\(port)
            HostKey \(folder.path("host"))
            AuthorizedKeysFile \(folder.path("authorized"))
            PidFile none
            UsePAM no
            StrictModes no
            PasswordAuthentication no
            PermitRootLogin yes
            """
        try folder.write("sshd_config", settings)
        // The folder for separated privileges is made at boot, which a container may never have seen.
        try? FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        server = try await ServerProcess(
            [Self.program ?? "sshd", "-D", "-e", "-f", folder.path("sshd_config")], ready: .port(port))
    }

    func key(_ name: String) throws -> Secret { Secret(try folder.read(name)) }
}
