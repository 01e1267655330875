import Foundation

#if canImport(Glibc)
import Glibc
#endif

/// Ports of the loopback address.
enum LoopbackPort {
    /// A TCP port that was free a moment ago, below the range from which the kernel takes the ports of connections.
    static func free() throws -> Int {
        for _ in 0..<1000 {
            let port = Int.random(in: 10_240...32_000)
            if with(port, bind) { return port }
        }
        throw Failure("no free port was found", Exit.settings)
    }

    /// Whether something accepts connections there.
    static func answers(_ port: Int) -> Bool { with(port, connect) }

    /// Whether `call` succeeds on a new socket with the address of `port`.
    private static func with(
        _ port: Int, _ call: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32
    ) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
