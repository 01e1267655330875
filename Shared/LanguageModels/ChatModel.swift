/// Something that answers chat requests: a provider, or a wrapper that retries or falls back.
package protocol ChatModel: Sendable {
    /// The whole reply to `request`. Cancelling the task stops the call at once with ``ModelError/Code/cancelled``.
    func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply
}
