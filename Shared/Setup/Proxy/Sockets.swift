import Foundations
import Glibc

/// A call on a socket that failed.
package struct SocketFailure: Error, Hashable, CustomStringConvertible {
    package let description: String

    /// - Parameter call: The call that has just set `errno`.
    init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
    init(reason: String) { description = reason }
}

/// Sockets as descriptors, which never block.
enum Sockets {
    /// As many may wait: a socket of this host does not take another try.
    private static let backlog: Int32 = 1024

    /// Listens on a new socket at `path`, which everybody may connect to who can reach it.
    static func listen(at path: String) throws(SocketFailure) -> Int32 {
        try make(AF_UNIX) { descriptor throws(SocketFailure) in
            try with(path) { address, size in bind(descriptor, address, size) }
            guard chmod(path, 0o666) == 0, Glibc.listen(descriptor, backlog) == 0 else { throw SocketFailure("listen") }
        }
    }

    /// Listens on 127.0.0.1; port 0 takes a free one, see ``port(of:)``.
    static func listen(port: UInt16) throws(SocketFailure) -> Int32 {
        try make(AF_INET) { descriptor throws(SocketFailure) in
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            guard call(&address, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, backlog) == 0 else {
                throw SocketFailure("listen")
            }
        }
    }

    /// The port that a socket of IPv4 listens on.
    static func port(of descriptor: Int32) -> UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress, &size) }
        }
        return address.sin_port.bigEndian
    }

    /// The next connection; `nil` if none waits.
    static func accept(_ listener: Int32) -> Int32? {
        let connection = Glibc.accept(listener, nil, nil)
        guard connection >= 0 else { return nil }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        _ = fcntl(connection, F_SETFL, fcntl(connection, F_GETFL) | O_NONBLOCK)
        return connection
    }

    /// Hands each connection to `connection`, which may block, until `stopping`; then `listener` is closed, and each
    /// connection when `connection` returns.
    static func serve(
        _ listener: Int32, until stopping: StopSignal, as label: String,
        _ connection: @escaping @Sendable (Int32) -> Void
    ) {
        BlockingExecutor.start(label) {
            defer { close(listener) }
            while let isReady = wait(for: listener, until: stopping) {
                guard isReady else { continue }
                guard let client = accept(listener) else {
                    // Out of descriptors: not at once again.
                    usleep(10_000)
                    continue
                }
                BlockingExecutor.start("\(label).connection") {
                    defer { close(client) }
                    connection(client)
                }
            }
        }
    }

    /// Whether a connection waits; `nil` once it is to stop.
    private static func wait(for listener: Int32, until stopping: StopSignal) -> Bool? {
        var entries = [
            pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
            pollfd(fd: stopping.descriptor, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&entries, 2, -1) >= 0 || errno == EINTR, entries[1].revents == 0 else { return nil }
        return entries[0].revents != 0
    }

    /// Connects to the socket at `path`.
    static func connect(to path: String) throws(SocketFailure) -> Int32 {
        try make(AF_UNIX) { descriptor throws(SocketFailure) in
            try with(path) { address, size in Glibc.connect(descriptor, address, size) }
        }
    }

    /// Connects to a port of an address.
    static func connect(
        to host: IPAddress, port: UInt16, within limit: Duration, _ stop: Int32
    ) throws(SocketFailure) -> Int32 {
        try make(host.isIPv4 ? AF_INET : AF_INET6) { descriptor throws(SocketFailure) in
            guard start(descriptor, host, port) != 0 else { return }
            guard errno == EINPROGRESS else { throw SocketFailure("connect") }
            var entries = [
                pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&entries, 2, milliseconds(limit)) > 0, entries[1].revents == 0 else {
                throw SocketFailure(reason: "connect: no answer")
            }
            var (code, size) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
            getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
            guard code == 0 else { throw SocketFailure(reason: "connect: \(String(cString: strerror(code)))") }
        }
    }

    static func milliseconds(_ duration: Duration) -> Int32 { Int32(clamping: Int64(duration / .milliseconds(1))) }

    /// Makes a socket, and closes it again where `body` throws.
    private static func make(
        _ family: Int32, _ body: (Int32) throws(SocketFailure) -> Void
    ) throws(SocketFailure) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(family, kind, 0)
        guard descriptor >= 0 else { throw SocketFailure("socket") }
        do { try body(descriptor) } catch {
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func start(_ descriptor: Int32, _ host: IPAddress, _ port: UInt16) -> Int32 {
        guard host.isIPv4 else {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: host.bytes) }
            return call(&address) { Glibc.connect(descriptor, $0, $1) }
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: host.bytes) }
        return call(&address) { Glibc.connect(descriptor, $0, $1) }
    }

    private static func call<Address>(
        _ address: inout Address, _ body: (UnsafePointer<sockaddr>?, socklen_t) -> Int32
    ) -> Int32 {
        withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { rebound in
                body(rebound.baseAddress.map { UnsafePointer($0) }, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    private static func with(
        _ path: String, _ body: (UnsafePointer<sockaddr>?, socklen_t) -> Int32
    ) throws(SocketFailure) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        // One byte is for the end.
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SocketFailure(reason: "the path of a socket is too long")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        guard call(&address, body) == 0 else { throw SocketFailure("a socket at \(path.count) characters") }
    }
}
