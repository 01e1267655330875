import Contracts
import Foundations

/// What a model's reply, as a journal holds it, says of itself: kept beside it, to be counted.
struct ModelAnswer: Sendable, Hashable {
    /// By the name that it was asked by.
    let model: String
    let promptTokens: Int
    let completionTokens: Int
    let costUSD: Double

    /// `nil` for what is no reply of a model.
    init?(_ step: JournalStep) {
        guard step.kind == .modelCall, let reply = step.result["reply"],
            let name = reply["asked"]?.stringValue ?? reply["model"]?.stringValue, !name.isEmpty
        else { return nil }
        model = name.modelName
        promptTokens = max(0, reply["usage"]?["promptTokens"]?.intValue ?? 0)
        completionTokens = max(0, reply["usage"]?["completionTokens"]?.intValue ?? 0)
        costUSD = max(0, reply["costUSD"]?.doubleValue ?? 0)
    }
}

extension String {
    /// As the record names a model: providers say what they like, and an index takes no more.
    var modelName: String { storable.clipped(200) }
}
