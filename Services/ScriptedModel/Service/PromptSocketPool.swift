import FlyingFox
import FlyingSocks
import Glibc

/// The socket pool of the HTTP library, with Nagle's algorithm off (tcp(7), TCP_NODELAY).
///
/// The library writes head and body of an answer one after the other. With Nagle's algorithm the second waits until the
/// client has acknowledged the first, which clients put off for 40 ms.
package struct PromptSocketPool<Base: AsyncSocketPool>: AsyncSocketPool {
    private let base: Base

    package init(base: Base) { self.base = base }

    package func prepare() async throws { try await base.prepare() }

    package func run() async throws { try await base.run() }

    /// Every socket comes by here, the listening one first, and connections inherit the option from it.
    package func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        var enabled: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(socket.file.rawValue, Int32(IPPROTO_TCP), TCP_NODELAY, &enabled, size)
        try await base.suspendSocket(socket, untilReadyFor: events)
    }
}
