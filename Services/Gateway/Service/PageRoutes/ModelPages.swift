import Contracts
import FoundationEssentials
import Foundations
import GatewayPages
import TaskStore

/// The models: whether they answer, how fast, how well and for how much, as the record counts it.
enum ModelPages {
    static let rows: [Route] = [
        Route.page(.get, "/models", .role(.viewer)) { call, _, gateway in
            .page(try await page(call, gateway), for: call, stream: PageStreams.path(of: call))
        }
    ]

    static func page(_ call: Call, _ gateway: Gateway) async throws -> ModelsPage {
        _ = try scope(of: call.caller)
        let items = try await gateway.counted("models", call.caller)
        return ModelsPage(
            models: ModelTable(rows: items.map(row)),
            charts: .models(items.filter { $0.int("calls") > 0 }.map(figures)))
    }

    /// Models are the platform's. Throws a ``Problem`` for who sees a company alone.
    static func scope(of caller: Caller) throws(Problem) -> QueryScope {
        guard caller.company == nil else { throw .forbidden("this is of the whole platform") }
        return .platform
    }

    /// The table, for who sees the whole platform.
    static func table(_ caller: Caller, _ gateway: Gateway) async throws -> ModelTable? {
        guard caller.company == nil else { return nil }
        return ModelTable(rows: try await gateway.counted("models", caller).map(row))
    }

    private static func row(_ item: Item) -> ModelTable.Row {
        let since = item.moment("since").map { "counted since \($0.full)" }
        return ModelTable.Row(
            name: item.text("model"), provider: since ?? "no calls in 24 hours",
            status: item.text("status"), checked: item.moment("answered_at"),
            latencySeconds: item.fields["latency_seconds"]?.doubleValue,
            slowestSeconds: item.fields["latency_p95_seconds"]?.doubleValue, calls: item.int("calls"),
            failures: item.int("failures"), promptTokens: item.int("prompt_tokens"),
            completionTokens: item.int("completion_tokens"), costUSD: item.double("cost_usd"),
            lastError: item.some("last_error"), mayCheck: false)
    }

    private static func figures(_ item: Item) -> Charts.Model {
        Charts.Model(
            item.text("model"), answers: max(0, item.int("calls") - item.int("failures")),
            failures: item.int("failures"), medianSeconds: item.fields["latency_seconds"]?.doubleValue,
            promptTokens: item.int("prompt_tokens"), completionTokens: item.int("completion_tokens"),
            costUSD: item.double("cost_usd"))
    }
}
