import CNATS
import FoundationEssentials
import Foundations
import Glibc
import Messaging

/// The options of a connection: owns the library's handle, valid in one scope.
struct ConnectionOptions: ~Copyable {
    let raw: OpaquePointer

    init() throws(BusError) {
        var options: OpaquePointer?
        let status = natsOptions_Create(&options)
        guard status == NATS_OK, let options else { throw BusError(status: status) }
        raw = options
    }

    deinit { natsOptions_Destroy(raw) }

    /// Sets everything but the callbacks.
    borrowing func apply(_ configuration: JetStreamConfiguration) throws(BusError) {
        try address(ServerAddress(configuration.url))
        try check(natsOptions_SetName(raw, configuration.name))
        if let file = configuration.credentialsFile { try credentials(file) }
        try endurance()
        // Small writes go out at once instead of being collected for a millisecond.
        try check(natsOptions_SetSendAsap(raw, true))
        // One thread hands out the messages of all subscriptions; the callbacks only pass them on.
        try check(natsOptions_UseGlobalMessageDelivery(raw, true))
    }

    /// The library reads the file at each login, and then cannot tell what is wrong with it from what a server says.
    private borrowing func credentials(_ file: String) throws(BusError) {
        guard let text = try? String(contentsOf: URL(filePath: file), encoding: .utf8) else {
            throw BusError(.permission, "the credentials file cannot be read")
        }
        guard text.contains("BEGIN NATS USER JWT"), text.contains("BEGIN USER NKEY SEED") else {
            throw BusError(.permission, "the credentials file holds no JWT and seed of a user")
        }
        try check(natsOptions_SetUserCredentialsFromFiles(raw, file, nil))
    }

    private borrowing func address(_ address: ServerAddress) throws(BusError) {
        var servers: [UnsafePointer<CChar>?] = []
        let copies = address.servers.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        for copy in copies { servers.append(UnsafePointer(copy)) }
        try check(natsOptions_SetServers(raw, &servers, Int32(servers.count)))
        if let user = address.user {
            try check(natsOptions_SetUserInfo(raw, user.reveal(), address.password?.reveal() ?? ""))
        }
        if let token = address.token { try check(natsOptions_SetToken(raw, token.reveal())) }
        if address.isSecure { try check(natsOptions_SetSecure(raw, true)) }
    }

    /// Reconnects for ever; a dead peer is noticed within 20 to 30 s, a write that hangs after 5 s.
    private borrowing func endurance() throws(BusError) {
        try check(natsOptions_SetMaxReconnect(raw, -1))
        try check(natsOptions_SetReconnectWait(raw, 100))
        try check(natsOptions_SetReconnectJitter(raw, 200, 400))
        try check(natsOptions_SetPingInterval(raw, 10_000))
        try check(natsOptions_SetMaxPingsOut(raw, 2))
        try check(natsOptions_SetWriteDeadline(raw, 5_000))
    }
}
