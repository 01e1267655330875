import Contracts
import Database
import Flows

extension TaskStore {
    /// Does what an operator or client asks of a workflow. A request that was fulfilled before is fulfilled.
    package func control(_ address: TaskAddress, _ request: ControlRequest) async throws -> ControlOutcome {
        do {
            return try await pool.transaction { connection in
                guard let workflow = try LockedWorkflow(address, on: connection) else { return .notFound }
                let messages = try ControlAction(store: self, workflow: workflow, connection: connection).perform(
                    request)
                return try receipt(after: messages, on: workflow, connection: connection)
            }
        } catch let error as StoreError {
            return .refused(code: error.controlCode, message: error.description)
        }
    }

    private func receipt(
        after messages: [OutboxMessage], on workflow: LockedWorkflow, connection: Connection
    ) throws -> ControlOutcome {
        let rows = try connection.execute("select status, last_seq from tasks where workflow_id = \(workflow.id)")
        guard let row = rows.first else { throw StoreError.unknownWorkflow }
        return .accepted(
            ControlReceipt(
                workflowID: workflow.id, status: try row.get("status"), lastSeq: try row.get("last_seq"),
                ownerShouldLook: workflow.run == .leased, messages: messages))
    }
}

extension StoreError {
    /// The code of a refused control request.
    fileprivate var controlCode: String {
        switch self {
        case .alreadyEnded: "already_ended"
        case .unknownWebhook: "not_found"
        default: "not_possible"
        }
    }
}
