/// Settings that all requests of a client share.
package struct HTTPClientConfiguration: Sendable {
    package enum Proxy: Sendable {
        /// Connects directly, whatever the environment says.
        case none
        /// Obeys `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`. An address policy then sees the proxy only.
        case environment
    }

    /// Sent as `User-Agent`.
    package var userAgent: String
    package var proxy: Proxy
    /// The most bytes of a body that wait for a slow reader before its connection is paused.
    package var bufferBytes: Int
    /// The most idle connections that are kept for reuse.
    package var maxIdleConnections: Int

    package init(
        userAgent: String = "automata", proxy: Proxy = .none, bufferBytes: Int = 256 << 10, maxIdleConnections: Int = 64
    ) {
        self.userAgent = userAgent
        self.proxy = proxy
        self.bufferBytes = bufferBytes
        self.maxIdleConnections = maxIdleConnections
    }
}
