import Contracts
import Database
import Flows
import FoundationEssentials

extension TaskStore {
    /// Does what an operator or client asks of a workflow. A request that was fulfilled before is fulfilled.
    ///
    /// - Parameter actor: Who asks: it stands in the workflow's history; `nil` where nobody is known.
    package func control(
        _ address: TaskAddress, _ request: ControlRequest, by actor: String? = nil
    ) async throws -> ControlOutcome {
        do {
            let result = try await pool.transaction { connection -> (receipt: ControlReceipt, told: Set<UUID>)? in
                guard let workflow = try LockedWorkflow(address, on: connection) else { return nil }
                let action = ControlAction(store: self, workflow: workflow, actor: actor, connection: connection)
                let effects = try action.perform(request)
                if effects.isChange { try action.note(request) }
                return (try receipt(after: effects.messages, on: workflow, connection: connection), effects.told)
            }
            guard let done = result else { return .notFound }
            var settled = done.receipt
            settled.messages = (settled.messages + (await settle(done.told))).once
            return .accepted(settled)
        } catch let error as StoreError {
            return .refused(code: error.controlCode, message: error.description)
        }
    }

    private func receipt(
        after messages: [OutboxMessage], on workflow: LockedWorkflow, connection: Connection
    ) throws -> ControlReceipt {
        let rows = try connection.execute("select status, last_seq from tasks where workflow_id = \(workflow.id)")
        guard let row = rows.first else { throw StoreError.unknownWorkflow }
        return ControlReceipt(
            workflowID: workflow.id, status: try row.get("status"), lastSeq: try row.get("last_seq"),
            ownerShouldLook: workflow.run == .leased, messages: messages)
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
