import Glibc
import SystemPackage

/// A TCP port on every address of this host, IPv6 and IPv4, or IPv4 alone where there is no IPv6.
final class ListeningSocket: Sendable {
    let descriptor: Int32
    /// The port it listens on.
    let port: UInt16

    /// Port 0 takes a free one.
    init(port: UInt16) throws {
        do {
            (descriptor, self.port) = try Self.open(AF_INET6, port)
        } catch Errno.addressFamilyNotSupported, Errno.addressNotAvailable {
            (descriptor, self.port) = try Self.open(AF_INET, port)
        }
    }

    deinit { close(descriptor) }

    /// The next connection, which never blocks; `nil` if none waits.
    func accept() throws -> Int32? {
        let connection = Glibc.accept(descriptor, nil, nil)
        guard connection >= 0 else {
            // Whoever knocked may have gone again.
            if [EAGAIN, EWOULDBLOCK, EINTR, ECONNABORTED].contains(errno) { return nil }
            throw Errno(rawValue: errno)
        }
        Self.unblock(connection)
        return connection
    }

    private static func open(_ family: Int32, _ port: UInt16) throws -> (Int32, UInt16) {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        do {
            unblock(descriptor)
            set(SOL_SOCKET, SO_REUSEADDR, to: 1, on: descriptor)
            if family == AF_INET6 { set(Int32(IPPROTO_IPV6), IPV6_V6ONLY, to: 0, on: descriptor) }
            return (descriptor, try listen(on: descriptor, family, port))
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Takes the port and returns which one it is.
    private static func listen(on descriptor: Int32, _ family: Int32, _ port: UInt16) throws -> UInt16 {
        // Both kinds of address hold family and port at the same place, and a zero address is every address.
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(family)
        address.sin6_port = port.bigEndian
        var size = socklen_t(family == AF_INET6 ? MemoryLayout<sockaddr_in6>.size : MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { address in
                bind(descriptor, address.baseAddress, size) != 0 || Glibc.listen(descriptor, 64) != 0
                    || getsockname(descriptor, address.baseAddress, &size) != 0
            }
        }
        guard !failed else { throw Errno(rawValue: errno) }
        return UInt16(bigEndian: address.sin6_port)
    }

    private static func unblock(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    private static func set(_ level: Int32, _ option: Int32, to value: Int32, on descriptor: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
