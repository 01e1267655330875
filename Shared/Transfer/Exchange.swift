import FoundationEssentials
import Foundations

/// One request and its reply: what the loop's thread and the calling task share.
final class Exchange: Sendable {
    let request: HTTPRequest
    let head = Promise<ResponseHead>()
    let body: BodyBuffer
    /// See ``SendPermission``.
    let permission = SendPermission.current
    private let inbox: TransferInbox

    init(_ request: HTTPRequest, inbox: TransferInbox, bufferBytes: Int) {
        self.request = request
        self.inbox = inbox
        body = BodyBuffer(capacity: bufferBytes)
    }

    /// Waits for the status and the headers.
    func start() async throws(TransferError) -> ResponseHead {
        // Checked before anything is posted: a request of a cancelled task must not be sent.
        guard !Task.isCancelled else {
            finish(.cancelled)
            throw .cancelled
        }
        inbox.post(.start(self))
        do {
            return try await head.value()
        } catch {
            cancel()
            throw error as? TransferError ?? .cancelled
        }
    }

    /// Waits for the next bytes of the body; `nil` is the end.
    func nextBytes() async throws(TransferError) -> Data? {
        let next = await withTaskCancellationHandler {
            await body.next { inbox.post(.resume(self)) }
        } onCancel: {
            cancel()
        }
        return try next.get()
    }

    /// Ends the exchange from outside: who waits is freed at once, then the loop drops the connection.
    func cancel() {
        if finish(.cancelled) { inbox.post(.cancel(self)) }
    }

    /// Ends the exchange when nobody reads any more. The loop gives the rest of the body a moment to arrive.
    func abandon() {
        if finish(.cancelled) { inbox.post(.drain(self)) }
    }

    /// Delivers the end, and before it a head that came with it. Returns whether it was the first end.
    @discardableResult
    func finish(_ error: TransferError?, head: ResponseHead? = nil) -> Bool {
        let first = body.end(error.map { .failure($0) } ?? .success(()))
        guard first else { return false }
        if let head {
            self.head.succeed(head)
        } else {
            self.head.fail(error ?? TransferError(.protocol, "the reply has no headers"))
        }
        return true
    }
}

/// The status and the headers of a reply.
struct ResponseHead: Sendable {
    var status: Int
    var headers = HTTPHeaders()
}
