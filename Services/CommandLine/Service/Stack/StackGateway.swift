import Contracts
import Cryptography
import Foundation
import Foundations
import LocalServers
import TaskStore

/// The gateway of a private stack: where it listens, and how its user comes in.
struct StackGateway: Sendable {
    /// Where a browser or program of this host finds it.
    let url: String

    /// Whose the stack is: who comes in by an address of ``invitation(_:)``.
    private static let name = "local"
    private static let lifetime: Duration = .seconds(600)

    /// Where a replica listens: as the settings say, else at their default where that is free. Others take any port.
    static func address(replica: Int, given: String?) throws -> String {
        if replica == 1, let given { return given }
        let usual = Setting.gatewayAddress.fallback ?? ""
        if replica == 1, let port = usual.split(separator: ":").last.flatMap({ Int($0) }), LoopbackPort.isFree(port) {
            return usual
        }
        return "127.0.0.1:\(try LoopbackPort.free())"
    }

    init(url: String) { self.url = url }

    /// - Parameter address: A value of `GATEWAY_ADDRESS`.
    init(address: String) {
        let parts = address.split(separator: ":", omittingEmptySubsequences: false)
        let host = parts.dropLast().joined(separator: ":")
        let isAny = host.isEmpty || ["0.0.0.0", "[::]"].contains(host)
        url = "http://\(isAny ? "127.0.0.1" : host):\(parts.last ?? "")"
    }

    /// An address that signs a browser in, once, as who may do everything.
    func invitation(_ store: TaskStore) async throws -> String {
        // Nobody knows the token: who may read the stack's files makes another invitation.
        let grant = AccessGrant(name: Self.name, role: .admin, company: nil)
        try await store.replace(grant, digest: AccessToken.digest(of: AccessToken.generate()))
        let code = AccessToken.generate()
        _ = try await store.invite(as: Self.name, invitation: AccessToken.digest(of: code), for: Self.lifetime)
        return "\(url)/sign-in?code=\(code.reveal())"
    }
}
