/// Asks one model after the other until one answers. ``ChatReply/model`` and ``ChatReply/asked`` tell which one
/// did.
package struct FallbackModel: ChatModel {
    /// A model and the name it goes by.
    package struct Candidate: Sendable {
        package let name: String
        package let model: any ChatModel

        package init(name: String, model: any ChatModel) {
            self.name = name
            self.model = model
        }
    }

    private let candidates: [Candidate]

    /// - Parameter candidates: In the order in which they are asked.
    package init(_ candidates: [Candidate]) { self.candidates = candidates }

    /// Asks each candidate by its own name; the request's is not used.
    ///
    /// When none answers, the first one's error is thrown, for it is the model that was wanted; but one that may pass
    /// goes before one that stays.
    package func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
        var errors: [ModelError] = []
        for candidate in candidates {
            do throws(ModelError) {
                var request = request
                request.model = candidate.name
                var reply = try await candidate.model.complete(request)
                reply.asked = reply.model == candidate.name ? nil : candidate.name
                return reply
            } catch {
                guard error.anotherModelMayAnswer(request) else { throw error }
                errors.append(error)
            }
        }
        throw errors.first(where: \.isRetriable) ?? errors.first
            ?? ModelError(.misconfigured, "no model is configured")
    }
}

extension ModelError {
    /// Whether another model may succeed where this one did not. A conversation that is too long is shortened first.
    func anotherModelMayAnswer(_ request: ChatRequest) -> Bool {
        switch code {
        case .contextTooLong: request.isShortest
        case .cancelled: false
        default: true
        }
    }
}
