import Foundations
import LanguageModels
import ServiceKit

/// A model whose calls are counted, with what they took.
struct MeteredModel: ChatModel {
    let model: any ChatModel
    /// What a request without a name asks for.
    let defaultName: String
    let metrics: MetricsRegistry

    func complete(_ request: ChatRequest) async throws(ModelError) -> ChatReply {
        let start = ContinuousClock.now
        let name = request.model.isEmpty ? defaultName : request.model
        defer { metrics.observe(.modelSeconds, name, since: start) }
        do {
            let reply = try await model.complete(request)
            metrics.count(.modelCalls, name, "ok")
            metrics.count(.modelTokens, name, "prompt", by: Double(reply.usage.promptTokens))
            metrics.count(.modelTokens, name, "completion", by: Double(reply.usage.completionTokens))
            metrics.count(.modelCost, name, by: reply.costUSD ?? 0)
            return reply
        } catch {
            metrics.count(.modelCalls, name, error.code.rawValue)
            throw error
        }
    }
}
