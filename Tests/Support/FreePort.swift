import LocalServers

/// Finds ports on the loopback interface that nobody uses, see ``LocalServers/LoopbackPort``.
package enum FreePort {
    /// A TCP port on 127.0.0.1 that was free a moment ago.
    package static func next() throws -> Int { try LoopbackPort.free() }

    /// Whether a server could listen on 127.0.0.1:`port` now.
    package static func isFree(_ port: Int) -> Bool { LoopbackPort.isFree(port) }

    /// Whether somebody listens on 127.0.0.1:`port` now.
    package static func accepts(_ port: Int) -> Bool { LoopbackPort.answers(port) }
}
