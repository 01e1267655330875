import Contracts
import Database
import Flows
import FoundationEssentials
import Foundations

/// The flow of a workflow as its row holds it.
struct StoredFlow {
    private let text: String?
    private let request: JSONValue?

    /// The columns of a workflow `t`. One that an older program recorded has no flow: its request tells.
    static let columns: SQL = """
        t.flow::text as flow, case when t.flow is null then t.request end as request_of_flow
        """

    init(_ row: Row) throws {
        text = try row.get("flow")
        request = try row.get("request_of_flow")
    }

    func flow() throws -> Flow {
        if let text { return try JSON.decode(Flow.self, from: Data(text.utf8)) }
        return Flow.task(for: try TaskRequest(request ?? .null))
    }
}
