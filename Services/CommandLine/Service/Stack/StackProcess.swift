/// A process of a private stack.
struct StackProcess: Codable, Sendable {
    var name: String
    var pid: Int32
    /// When the kernel started it, so that another process of the same id is not taken for it.
    var startTicks: UInt64
    /// Where it serves `/healthz`, `/readyz` and `/metrics`; `nil` for the servers.
    var healthPort: Int?
}
