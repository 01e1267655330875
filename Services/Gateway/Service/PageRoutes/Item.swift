import Contracts
import FoundationEssentials
import Foundations
import GatewayPages

/// An item of a list, by its fields, as pages need them: what is not there reads as nothing.
struct Item: Sendable {
    let fields: JSONValue
    let now: Date

    init(_ fields: JSONValue, now: Date = Date()) {
        self.fields = fields
        self.now = now
    }

    func text(_ name: String) -> String { fields[name]?.stringValue ?? "" }

    /// The text where there is one.
    func some(_ name: String) -> String? { fields[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }

    func int(_ name: String) -> Int { fields[name]?.intValue ?? 0 }

    func double(_ name: String) -> Double { fields[name]?.doubleValue ?? 0 }

    func texts(_ name: String) -> [String] { (fields[name]?.arrayValue ?? []).compactMap(\.stringValue) }

    func date(_ name: String) -> Date? { fields[name]?.stringValue.flatMap(Timestamp.date) }

    func moment(_ name: String) -> Moment? { date(name).map { Moment($0, now: now) } }

    /// The task that it belongs to.
    var task: TaskName {
        TaskName(company: text("company_id"), project: text("project_id"), task: text("task_id"))
    }

    /// `implementation, round 2`; nothing where it has no step.
    var stage: String? {
        some("stage").map { stage in
            Words.sentence(stage) + (int("round") > 0 ? ", round \(int("round") + 1)" : "")
        }
    }
}

extension ShownRecord {
    /// The items of a list, the newest first.
    func items(
        _ what: String, in scope: QueryScope, filter: [String: JSONValue] = [:], limit: Int = 50, cursor: String? = nil
    ) async throws -> (items: [Item], cursor: String?) {
        let request = QueryRequest(what, filter: filter, limit: limit, cursor: cursor)
        guard let page = try await page(request, in: scope) else { throw Problem.unknownTask }
        let now = Date()
        return (page.items.map { Item($0, now: now) }, page.cursor)
    }

    /// The pause of a company that is in force, or that of the platform.
    func pause(of company: CompanyID?) async throws -> Item? {
        // The platform's stand among those of all companies.
        let scope = company.map(QueryScope.company) ?? .platform
        let found = try await items("pauses", in: scope, limit: QueryRequest.maximumLimit).items
        return found.first { $0.some("company_id") == company?.text && $0.text("status") != "resumed" }
    }
}
