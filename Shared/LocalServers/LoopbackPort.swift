import Glibc

/// TCP ports of the loopback address.
package enum LoopbackPort {
    /// No port could be bound.
    package struct NoneLeft: Error, CustomStringConvertible {
        package var description: String { "no free port was found" }
    }

    /// A port that was free a moment ago.
    ///
    /// It lies below the range from which the kernel takes the source ports of connections (from 32768 on). So no
    /// connection takes it while its server is restarted, and a client that keeps dialling it meanwhile cannot connect
    /// to itself.
    package static func free() throws(NoneLeft) -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: 10_240...32_000)
            if isFree(port) { return port }
        }
        throw NoneLeft()
    }

    /// Whether a server could listen there now.
    package static func isFree(_ port: Int) -> Bool {
        withSocket(port) { socket, address, length in
            var reuse: Int32 = 1
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
            return bind(socket, address, length) == 0
        }
    }

    /// Whether somebody listens there now.
    package static func answers(_ port: Int) -> Bool {
        withSocket(port) { socket, address, length in connect(socket, address, length) == 0 }
    }

    private static func withSocket(
        _ port: Int, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Bool
    ) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0, let port = UInt16(exactly: port) else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
