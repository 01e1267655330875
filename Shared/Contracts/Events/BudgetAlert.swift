/// A share of the budget is used up, or the budget does not hold for a model whose price nobody knows.
package struct BudgetAlert: EventDetails {
    package static let type = EventType.budgetAlert

    /// The share that is passed; `nil` where the alert is about ``unpricedModel``.
    package var percent: Int?
    package var costUSD: Double
    package var maxCostUSD: Double
    /// The model whose calls count as free, because neither its provider nor the settings say what it costs.
    package var unpricedModel: String?

    package init(percent: Int?, costUSD: Double, maxCostUSD: Double, unpricedModel: String? = nil) {
        self.percent = percent
        self.costUSD = costUSD
        self.maxCostUSD = maxCostUSD
        self.unpricedModel = unpricedModel
    }

    package var message: String {
        guard let unpricedModel else { return "\(percent ?? 0) % of the budget is used" }
        return "the budget does not hold: nobody knows what \(unpricedModel) costs, its calls count as free"
    }

    private enum CodingKeys: String, CodingKey {
        case percent
        case costUSD = "cost_usd"
        case maxCostUSD = "max_cost_usd"
        case unpricedModel = "unpriced_model"
    }
}
