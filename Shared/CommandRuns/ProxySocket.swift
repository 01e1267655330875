import FoundationEssentials
import Foundations
import Glibc
import Setup

/// A proxy on a socket in a folder of its own that nobody else enters, while `body` runs: the sandbox shows the socket to
/// its command.
enum ProxySocket {
    static func with<T>(
        _ hosts: FetchList, _ addresses: AddressPolicy, _ body: (AllowListProxy) async throws -> T
    ) async throws -> T {
        // A path of a socket is short: not below a folder of ours, which may be anywhere.
        let folder = FileManager.default.temporaryDirectory.appending(path: "automata-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let proxy = try AllowListProxy(at: folder.appending(path: "s").path, hosts: hosts, addresses: addresses)
        defer { proxy.stop() }
        return try await body(proxy)
    }
}
