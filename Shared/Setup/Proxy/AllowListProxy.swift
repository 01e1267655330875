import Foundations
import Glibc
import Synchronization

/// A way out of the sandbox for the commands of a setup: to hosts of a list, by name, and to nowhere else.
///
/// It listens on a socket of this host and takes tunnels (`CONNECT`) and documents over plain HTTP. Each name is
/// resolved here, and the connection goes to the address that was judged. What passes through a tunnel is not looked
/// at.
package final class AllowListProxy: Sendable {
    private static let mostNotes = 20

    private struct State {
        var connections = 0
        var notes: [String] = []
    }

    /// The path of its socket.
    package let path: String
    private let hosts: FetchList
    private let addresses: AddressPolicy
    private let limits: ProxyLimits
    private let budget: ByteBudget
    private let stopping: StopSignal
    private let state = Mutex(State())

    /// Listens at `path`, where nothing may be yet, until ``stop()``.
    package init(
        at path: String, hosts: FetchList, addresses: AddressPolicy, limits: ProxyLimits = .init()
    ) throws(SocketFailure) {
        self.path = path
        self.hosts = hosts
        self.addresses = addresses
        self.limits = limits
        budget = ByteBudget(limits.bytes)
        stopping = try StopSignal()
        let listener = try Sockets.listen(at: path)
        Sockets.serve(listener, until: stopping, as: "setup.proxy") { [self] client in serve(client) }
    }

    /// Ends all connections. Nothing listens any more.
    package func stop() { stopping.stop() }

    /// What was refused or did not work, each once, for people.
    package var notes: [String] { state.withLock { $0.notes } }

    private func serve(_ client: Int32) {
        let count = state.withLock { state in
            state.connections += 1
            return state.connections
        }
        defer { state.withLock { $0.connections -= 1 } }
        let connection = ProxyConnection(client, stop: stopping.descriptor, limits)
        do throws(ProxyRefusal) {
            guard count <= limits.connections else { throw ProxyRefusal(503, "too many connections at a time") }
            let (request, rest) = try connection.request()
            if let refusal = hosts.refusal(request.host, port: request.port) { throw ProxyRefusal(403, refusal) }
            let server = try connect(to: request)
            defer { close(server) }
            connection.begin(request, rest, server)
            var relay = Relay(
                client, server, answers: request.head != nil, stop: stopping.descriptor, silence: limits.silence,
                budget: budget)
            if relay.run() == .overBudget { note("more than \(limits.bytes >> 20) MiB were fetched") }
        } catch {
            if error.status != 400 { note(error.reason) }
            connection.send(error.answer)
        }
    }

    /// Connects to an address of the host that the policy allows: the name is asked for once.
    private func connect(to request: ProxyRequest) throws(ProxyRefusal) -> Int32 {
        guard let found = IPAddress.resolve(request.host), !found.isEmpty else {
            throw ProxyRefusal(502, "\(request.host) cannot be resolved")
        }
        let allowed = addresses.hosts.contains(request.host) ? found : found.filter(addresses.allows)
        guard !allowed.isEmpty else {
            throw ProxyRefusal(
                403,
                "\(request.host) is at an address that is not public: REPOSITORY_ALLOWED_HOSTS or "
                    + "REPOSITORY_ALLOW_PRIVATE would allow it")
        }
        for address in allowed.prefix(4) {
            if let server = try? Sockets.connect(
                to: address, port: request.port, within: limits.connecting, stopping.descriptor)
            {
                return server
            }
        }
        throw ProxyRefusal(502, "\(request.host) does not answer")
    }

    private func note(_ reason: String) {
        state.withLock { state in
            if state.notes.count < Self.mostNotes, !state.notes.contains(reason) { state.notes.append(reason) }
        }
    }
}
