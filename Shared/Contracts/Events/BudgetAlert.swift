/// A share of the budget is used up.
package struct BudgetAlert: EventDetails {
    package static let type = EventType.budgetAlert

    package var percent: Int
    package var costUSD: Double
    package var maxCostUSD: Double

    package init(percent: Int, costUSD: Double, maxCostUSD: Double) {
        self.percent = percent
        self.costUSD = costUSD
        self.maxCostUSD = maxCostUSD
    }

    package var message: String { "\(percent) % of the budget is used" }

    private enum CodingKeys: String, CodingKey {
        case percent
        case costUSD = "cost_usd"
        case maxCostUSD = "max_cost_usd"
    }
}
