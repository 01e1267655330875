import FoundationEssentials
import Glibc

/// The end of the proxy inside of the sandbox: a port of its loopback interface, whose connections go to the socket of
/// the proxy.
package enum Forwarder {
    /// The sandbox's network is its own, so the port is always free.
    package static let port: UInt16 = 3128

    private static let silence: Duration = .seconds(600)

    /// Runs `command` while connections to `port` are forwarded to the socket at `path`. Returns what it ends with:
    /// 128 + signal where a signal ended it, 127 where it cannot be started. Blocking.
    ///
    /// - Parameter listening: Told the port before the command runs.
    package static func run(
        _ command: [String], socket path: String, port: UInt16 = port, listening: (UInt16) -> Void = { _ in }
    ) throws -> Int32 {
        let stopping = try StopSignal()
        let listener = try Sockets.listen(port: port)
        listening(Sockets.port(of: listener))
        Sockets.serve(listener, until: stopping, as: "setup.forwarder") { client in
            relay(client, to: path, stopping)
        }
        defer { stopping.stop() }
        return wait(for: try start(command))
    }

    private static func relay(_ client: Int32, to path: String, _ stopping: StopSignal) {
        guard let proxy = try? Sockets.connect(to: path) else { return }
        defer { close(proxy) }
        var relay = Relay(client, proxy, stop: stopping.descriptor, silence: silence)
        _ = relay.run()
    }

    private static func start(_ command: [String]) throws -> pid_t {
        let environment = ProcessInfo.processInfo.environment.map { "\($0)=\($1)" }
        var process = pid_t()
        let code = withCStrings(command) { arguments in
            withCStrings(environment) { environment in
                posix_spawnp(&process, command.first ?? "", nil, nil, arguments, environment)
            }
        }
        guard code == 0 else { throw SocketFailure(reason: "cannot start: \(String(cString: strerror(code)))") }
        return process
    }

    private static func wait(for process: pid_t) -> Int32 {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return 127 }
        }
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    }

    private static func withCStrings<T>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T
    ) -> T {
        let copies = texts.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }
}
