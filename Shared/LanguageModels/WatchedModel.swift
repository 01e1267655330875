/// A model whose failures are told, each before the call may be made again.
struct WatchedModel: ChatModel {
    let base: any ChatModel
    /// The name that it is asked by.
    let name: String
    let failed: @Sendable (ModelFailure) async -> Void

    func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
        do throws(ModelError) {
            return try await base.complete(request)
        } catch {
            if error.isOfModel { await failed(ModelFailure(model: name, error: error)) }
            throw error
        }
    }
}

/// A call that a model did not answer.
package struct ModelFailure: Sendable, Equatable {
    /// The name that the model was asked by.
    package let model: String
    package let error: ModelError
}

extension ModelError {
    /// Whether the model or who offers it failed, and not who asked.
    fileprivate var isOfModel: Bool {
        switch code {
        case .contextTooLong, .misconfigured, .cancelled: false
        case .unauthorized, .quotaExhausted, .notFound, .badRequest, .rateLimited, .unavailable, .badReply,
            .incompleteReply:
            true
        }
    }
}
