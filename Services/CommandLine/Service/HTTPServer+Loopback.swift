import FlyingFox
import FlyingSocks

// A file of its own: `FlyingSocks` has a type named like the module of swift-log.
extension HTTPServer {
    /// A server on 127.0.0.1 that does not print to standard output.
    static func loopback(
        port: UInt16, handler: @escaping @Sendable (HTTPRequest) async throws -> HTTPResponse
    ) throws -> HTTPServer {
        HTTPServer(
            address: try .inet(ip4: "127.0.0.1", port: port), logger: .disabled, handler: ClosureHTTPHandler(handler))
    }

    /// The port it listens on, `nil` when it does not.
    var port: UInt16? {
        switch listeningAddress {
        case .ip4(_, let port)?, .ip6(_, let port)?: port
        default: nil
        }
    }
}
