import CNATS
import Foundations
import Messaging
import Synchronization

/// The context of a subscription's C callbacks: owns the library's handle.
///
/// The message callback runs on the library's delivery thread, one message at a time. The context is retained for the
/// library when the subscription is made and released exactly once, in the completion callback, which runs on the same
/// thread after the last message, whether the subscription was ended or the connection closed.
final class SubscriptionContext: Sendable {
    private let thread: BlockingExecutor
    private let receive: @Sendable (IncomingMessage) -> Void
    private let ended: @Sendable () -> Void
    private let handle = Mutex<NATSHandle?>(nil)

    /// `thread` is the connection's: unsubscribing and freeing happen there, in order.
    init(
        thread: BlockingExecutor, receive: @escaping @Sendable (IncomingMessage) -> Void,
        ended: @escaping @Sendable () -> Void
    ) {
        self.thread = thread
        self.receive = receive
        self.ended = ended
    }

    /// Subscribes on `connection`. Runs on the thread.
    func start(on connection: OpaquePointer, pattern: String, queueGroup: String?) throws(BusError) {
        let context = Unmanaged.passRetained(self)
        var raw: OpaquePointer?
        let status =
            if let queueGroup {
                natsConnection_QueueSubscribe(&raw, connection, pattern, queueGroup, Self.message, context.toOpaque())
            } else {
                natsConnection_Subscribe(&raw, connection, pattern, Self.message, context.toOpaque())
            }
        guard status == NATS_OK, let raw else {
            context.release()
            throw BusError(status: status)
        }
        handle.withLock { $0 = NATSHandle(raw: raw) }
        // What arrived and waits to be handed out is bounded by demand or by the reader's buffer, not here.
        _ = natsSubscription_SetPendingLimits(raw, -1, -1)
        if natsSubscription_SetOnCompleteCB(raw, Self.complete, context.toOpaque()) != NATS_OK {
            // The connection was closed in between: the callback will never come. A message may be handed out right
            // now, so the library keeps its context for good.
            free()
            throw BusError(.disconnected, "the connection was closed")
        }
    }

    /// Ends the subscription, unless it has ended.
    func cancel() {
        thread.post { [self] in
            guard let handle = handle.withLock({ $0 }) else { return }
            _ = natsSubscription_Unsubscribe(handle.raw)
        }
    }

    /// Frees the handle a little later: up to version 3.6.0 the library's reader may still be about to look at a
    /// subscription that ended while a message for it came in.
    private func free() {
        thread.post(after: .seconds(1)) { [self] in
            guard let handle = handle.withLock({ $0.take() }) else { return }
            natsSubscription_Destroy(handle.raw)
        }
    }

    private static let message: natsMsgHandler = { _, _, message, context in
        guard let message, let context else { return }
        defer { natsMsg_Destroy(message) }
        Unmanaged<SubscriptionContext>.fromOpaque(context).takeUnretainedValue().receive(IncomingMessage(message))
    }

    private static let complete: @convention(c) (UnsafeMutableRawPointer?) -> Void = { context in
        guard let context else { return }
        let subscription = Unmanaged<SubscriptionContext>.fromOpaque(context).takeRetainedValue()
        subscription.ended()
        subscription.free()
    }
}
