import Contracts
import Database
import FoundationEssentials

extension TaskStore {
    /// A page of a list, the newest first; `nil` if the task that `scope` names is not recorded. Throws a `FieldError`
    /// where the request asks for what there is not.
    package func page(_ request: QueryRequest, in scope: QueryScope) async throws -> QueryPage? {
        try await page(of: try QueryStatement(request, in: scope))
    }

    func page(of query: QueryStatement) async throws -> QueryPage? {
        try await pool.withConnection { connection in
            var place = QueryPlace(scope: query.scope)
            if case .task(let address) = query.scope {
                place.workflowID = try Self.workflowID(of: address, on: connection)
                guard place.workflowID != nil || !query.list.isOfRecordedTasks else { return nil }
            }
            return try query.page(Array(try connection.execute(query.select(place))))
        }
    }

    static func workflowID(of address: TaskAddress, on connection: Connection) throws -> UUID? {
        try connection.execute(
            """
            select workflow_id from tasks where company_id = \(address.company)
                and project_id = \(address.project) and task_id = \(address.task)
            """
        ).first?.get("workflow_id")
    }
}
