/// How much a setup may fetch.
package struct ProxyLimits: Sendable, Hashable {
    /// Bytes of all connections together, in both directions.
    package var bytes: Int
    /// Connections at a time.
    package var connections: Int
    /// How long a connection may say nothing.
    package var silence: Duration
    /// How long it may take to be made.
    package var connecting: Duration

    package init(
        bytes: Int = 8 << 30, connections: Int = 64, silence: Duration = .seconds(120),
        connecting: Duration = .seconds(20)
    ) {
        self.bytes = bytes
        self.connections = connections
        self.silence = silence
        self.connecting = connecting
    }
}
