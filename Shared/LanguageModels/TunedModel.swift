import Foundations

/// A model with what the operator says of it: requests get what they leave open, replies a price.
struct TunedModel: ChatModel {
    let base: any ChatModel
    let tuning: ModelTuning
    let unknownPrice: UnknownPrice
    /// Whether calls cost nothing: the server is the operator's own.
    let isFree: Bool

    func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
        var request = request
        request.temperature = request.temperature ?? tuning.temperature
        request.maxTokens = request.maxTokens ?? tuning.maxTokens
        var reply = try await base.complete(request)
        reply.costUSD = cost(of: reply, to: request)
        return reply
    }

    /// The price of the operator's file goes before what the provider or the list says.
    private func cost(of reply: ChatReply, to request: ChatRequest) -> Double? {
        if let price = tuning.price { return price.cost(of: tokens(of: reply, to: request)) }
        if let cost = reply.costUSD { return cost }
        if isFree { return 0 }
        guard case .assume(let dollars) = unknownPrice else { return nil }
        return ModelTuning.Price(prompt: dollars, completion: dollars).cost(of: tokens(of: reply, to: request))
    }

    /// What the provider counted, else an estimate: four bytes a token.
    private func tokens(of reply: ChatReply, to request: ChatRequest) -> TokenUsage {
        guard reply.usage.promptTokens == 0, reply.usage.completionTokens == 0 else { return reply.usage }
        return TokenUsage(
            promptTokens: request.estimatedTokens, completionTokens: reply.message.estimatedTokens + 1)
    }
}
