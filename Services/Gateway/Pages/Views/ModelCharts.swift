extension Charts {
    /// What a model did in a time.
    package struct Model: Sendable, Hashable {
        package let name: String
        package let answers: Int
        package let failures: Int
        /// `nil` where it answered nothing.
        package let medianSeconds: Double?
        package let promptTokens: Int
        package let completionTokens: Int
        package let costUSD: Double

        package init(
            _ name: String, answers: Int, failures: Int, medianSeconds: Double?, promptTokens: Int,
            completionTokens: Int, costUSD: Double
        ) {
            self.name = name
            self.answers = answers
            self.failures = failures
            self.medianSeconds = medianSeconds
            self.promptTokens = promptTokens
            self.completionTokens = completionTokens
            self.costUSD = costUSD
        }
    }

    /// Calls, spend, time and tokens of models side by side: none where there is no model.
    package static func models(_ models: [Model]) -> Charts {
        Charts(charts: models.isEmpty ? [] : [calls(models), spend(models), time(models), tokens(models)])
    }

    private static func calls(_ models: [Model]) -> Chart {
        let sum = models.reduce(0) { $0 + $1.answers + $1.failures }
        return Chart(
            "Calls", .bars, figure: Amount.count(sum), caption: sum == 1 ? "call" : "calls",
            series: [.init("answered", .active), .init("failed", .bad)],
            buckets: models.map { .init($0.name, [Double($0.answers), Double($0.failures)]) },
            format: { Amount.decimal($0, places: 0) })
    }

    private static func spend(_ models: [Model]) -> Chart {
        Chart(
            "Spend", .bars, figure: Amount.money(models.reduce(0) { $0 + $1.costUSD }), caption: "by model",
            series: [.init("spend", .active)], buckets: models.map { .init($0.name, [$0.costUSD]) },
            format: Amount.money)
    }

    private static func time(_ models: [Model]) -> Chart {
        let slowest = models.compactMap(\.medianSeconds).max()
        return Chart(
            "Latency", .bars, figure: slowest.map(Amount.duration) ?? "–", caption: "median of the slowest",
            series: [.init("median", .warn)], buckets: models.map { .init($0.name, [$0.medianSeconds ?? .nan]) },
            format: Amount.duration)
    }

    private static func tokens(_ models: [Model]) -> Chart {
        Chart(
            "Tokens", .bars, figure: Amount.size(models.reduce(0) { $0 + $1.promptTokens + $1.completionTokens }),
            caption: "by model", series: [.init("prompt", .active), .init("completion", .good)],
            buckets: models.map { .init($0.name, [Double($0.promptTokens), Double($0.completionTokens)]) },
            format: { Amount.size(Int(min(max($0, 0), 1e15))) })
    }
}
