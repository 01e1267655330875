/// A handle of the client library, which may be used from any thread. Whoever made it frees it, once.
struct NATSHandle: @unchecked Sendable {
    let raw: OpaquePointer
}
