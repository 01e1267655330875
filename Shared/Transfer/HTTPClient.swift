import Foundations

/// An HTTP/1.1 client on libcurl: one thread, any number of requests side by side, connections reused.
///
/// Use one for the process. Cancelling the calling task ends a request within milliseconds. The thread ends when the
/// client and the last body it gave out are gone.
package final class HTTPClient: Sendable {
    private let inbox: TransferInbox?
    private let bufferBytes: Int

    package init(_ configuration: HTTPClientConfiguration = .init()) {
        bufferBytes = configuration.bufferBytes
        guard let multi = MultiHandle(maxIdleConnections: configuration.maxIdleConnections) else {
            inbox = nil
            return
        }
        let inbox = TransferInbox(multi: multi)
        self.inbox = inbox
        BlockingExecutor.start("http-client") {
            TransferLoop(multi: multi, inbox: inbox, configuration: configuration).run()
        }
    }

    /// Sends `request` and waits for the whole reply, whatever its status.
    package func send(_ request: HTTPRequest) async throws(TransferError) -> HTTPResponse {
        let response = try await stream(request)
        let body = try await response.body.collect()
        return HTTPResponse(status: response.status, headers: response.headers, body: body)
    }

    /// Sends `request` and returns when the headers are here, whatever the status.
    package func stream(_ request: HTTPRequest) async throws(TransferError) -> HTTPStreamResponse {
        try request.validate()
        guard let inbox else { throw TransferError(.other, "libcurl cannot be initialised") }
        let exchange = Exchange(request, inbox: inbox, bufferBytes: bufferBytes)
        let lease = ExchangeLease(exchange: exchange, client: self)
        let head = try await exchange.start()
        return HTTPStreamResponse(status: head.status, headers: head.headers, body: HTTPBody(lease: lease))
    }

    deinit { inbox?.post(.stop) }
}
