import CNATS
import Messaging

/// The C callbacks of a connection. Their context is a ``ConnectionEvents``, see there for thread and lifetime.
enum ConnectionCallbacks {
    /// Installs the callbacks with a retained context.
    static func install(_ options: borrowing ConnectionOptions, events: Unmanaged<ConnectionEvents>) throws(BusError) {
        let context = events.toOpaque()
        try check(natsOptions_SetErrorHandler(options.raw, failed, context))
        try check(natsOptions_SetDisconnectedCB(options.raw, disconnected, context))
        try check(natsOptions_SetReconnectedCB(options.raw, connected, context))
        try check(natsOptions_SetClosedCB(options.raw, closed, context))
    }

    private static func events(_ context: UnsafeMutableRawPointer?) -> ConnectionEvents? {
        context.map { Unmanaged<ConnectionEvents>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let connected: natsConnectionHandler = { _, context in events(context)?.report(.connected) }

    private static let disconnected: natsConnectionHandler = { _, context in events(context)?.report(.disconnected) }

    private static let failed: natsErrHandler = { _, _, status, context in
        // The library sets the text for this thread right before the call.
        let text = nats_GetLastError(nil).map { String(cString: $0) } ?? ""
        events(context)?.report(error: status, text: text)
    }

    private static let closed: natsConnectionHandler = { connection, context in
        guard let context else { return }
        var text: UnsafePointer<CChar>?
        let status = natsConnection_GetLastError(connection, &text)
        // With endless reconnects the library gives up on its own only when it can get in nowhere, by login or by TLS;
        // which of them, it does not say.
        let error =
            switch status {
            case NATS_CONNECTION_AUTH_FAILED: BusError(status: status)
            case NATS_NO_SERVER: BusError(.permission, "the server refused the credentials, or \(BusError.tlsFailure)")
            default: BusError(.disconnected, "the connection was closed")
            }
        Unmanaged<ConnectionEvents>.fromOpaque(context).takeRetainedValue().report(.closed(error))
    }
}
