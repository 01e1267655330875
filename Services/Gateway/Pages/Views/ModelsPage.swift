/// The models: whether they answer, how fast, how well and for how much.
package struct ModelsPage: Page {
    package static let template = "models"
    package static let section: Section? = .models
    package let title = "Models"
    package var models: ModelTable
    package var charts: Charts

    package init(models: ModelTable, charts: Charts) {
        self.models = models
        self.charts = charts
    }
}

/// The models in a table. A stream replaces it.
package struct ModelTable: Fragment {
    /// One model of one provider.
    package struct Row: Sendable {
        package var name: String
        /// Whose it is, or what its figures are of.
        package var provider: String
        /// What it is used for: `coder`, `planner`, `fallback 1`.
        package var role: String?
        package var state: Badge
        package var checked: Moment?
        package var latency: String
        package var slowest: String
        package var errors: String
        package var errorTone: Tone
        package var calls: String
        package var tokens: String
        package var spend: String
        package var lastError: String?
        /// Where the form goes that asks it for an answer.
        package var action: String
        /// Whether it can be asked.
        package var mayCheck: Bool

        package init(
            name: String, provider: String, role: String? = nil, state: Badge, checked: Moment? = nil,
            latency: String = "–", slowest: String = "–", errors: String = "–", errorTone: Tone = .quiet,
            calls: String = "0", tokens: String = "0", spend: String = "$0.00", lastError: String? = nil,
            action: String, mayCheck: Bool = true
        ) {
            self.name = name
            self.provider = provider
            self.role = role
            self.state = state
            self.checked = checked
            self.latency = latency
            self.slowest = slowest
            self.errors = errors
            self.errorTone = errorTone
            self.calls = calls
            self.tokens = tokens
            self.spend = spend
            self.lastError = lastError
            self.action = action
            self.mayCheck = mayCheck
        }

        /// The figures of a period.
        package init(
            name: String, provider: String, role: String? = nil, status: String, checked: Moment? = nil,
            latencySeconds: Double?, slowestSeconds: Double?, calls: Int, failures: Int, promptTokens: Int,
            completionTokens: Int, costUSD: Double, lastError: String? = nil, mayCheck: Bool = true
        ) {
            let share = calls > 0 ? Double(failures) / Double(calls) : 0
            self.init(
                name: name, provider: provider, role: role, state: Badge(status: status), checked: checked,
                latency: latencySeconds.map(Amount.duration) ?? "–",
                slowest: slowestSeconds.map(Amount.duration) ?? "–",
                errors: calls > 0 ? Amount.percent(share) : "–", errorTone: Self.tone(share),
                calls: Amount.count(calls), tokens: Amount.size(promptTokens + completionTokens),
                spend: Amount.money(costUSD), lastError: lastError, action: Place.modelCheck(name),
                mayCheck: mayCheck)
        }

        private static func tone(_ share: Double) -> Tone { share >= 0.2 ? .bad : share >= 0.05 ? .warn : .quiet }
    }

    package static let template = "model-table"
    package var rows: [Row]

    package init(rows: [Row]) {
        self.rows = rows
    }
}
