import Contracts
import Database
import Flows
import FoundationEssentials
import Foundations

extension TaskStore {
    /// Ends the workflow of a claim whatever its flow says, because its step cannot be done: the result, its last event,
    /// the webhook message.
    ///
    /// Returns also the messages of workflows that waited for this one.
    package func end(
        _ claim: Claim, as status: TerminalStatus, changes: WorkflowChanges = .init(), error: String? = nil
    ) async throws -> [OutboxMessage] {
        try await change { connection in
            let workflow = try LockedWorkflow(of: claim, on: connection)
            return try end(
                workflow, as: status, epoch: claim.epoch, changes: changes, error: error,
                isFailure: status != .cancelled, on: connection)
        }
    }

    /// Ends a workflow that nobody holds a lease of. Throws ``StoreError/notPossible(from:)`` if somebody does.
    package func end(workflow id: UUID, as status: TerminalStatus, error: String? = nil) async throws -> [OutboxMessage]
    {
        try await change { connection in
            guard let workflow = try LockedWorkflow(id, on: connection) else { throw StoreError.unknownWorkflow }
            guard workflow.run != .leased else { throw StoreError.notPossible(from: "running") }
            return try end(workflow, as: status, error: error, on: connection)
        }
    }

    /// Ends a workflow that this transaction locks or has locked.
    func end(
        _ id: UUID, as status: TerminalStatus, error: String?, on connection: Connection
    ) throws -> Effects {
        guard let workflow = try LockedWorkflow(id, on: connection) else { throw StoreError.unknownWorkflow }
        return try end(workflow, as: status, error: error, on: connection)
    }

    /// Ends a locked workflow.
    ///
    /// - Parameters:
    ///   - epoch: The owner's, `nil` where nobody owns the run.
    ///   - isFailure: Whether the owner failed at the run.
    func end(
        _ workflow: LockedWorkflow, as status: TerminalStatus, epoch: Int? = nil, output: (any StepOutput)? = nil,
        changes: WorkflowChanges = .init(), error: String? = nil, isFailure: Bool = false, events: [EventDraft] = [],
        on connection: Connection
    ) throws -> Effects {
        let ended = try workflow.applying(.end(status, epoch: epoch))
        if let output { try workflow.keep(output, on: connection) }
        let record = try apply(changes, to: workflow.id, on: connection)
        guard try status != .completed || record.outputs.get(ValidationOutput.self) != nil else {
            throw StoreError.completedWithoutEvidence
        }
        let result = try record.result(endingAs: status, error: error?.storable)
        var write = WorkflowWrite(workflow, subjects: subjects)
        write.set(ended)
        try write.setEnd(result)
        if isFailure { write.keepFailure(error ?? status.rawValue, ended: true) }
        try write.close(workflow.key, as: epoch == nil ? .cancelled : .done, error: error)
        let told = try workflow.children > 0 ? Notice.take(by: workflow, atMost: .max, on: connection).notices : []
        let last = try write.emit(told.compactMap(\.event) + events + [EventDraft(ending: result)]).last
        if let last, workflow.parent == nil || record.request.delivery.webhookURL != nil {
            try write.addWebhook(last, of: record, result, byDefault: webhookByDefault)
        }
        // Where nothing was pushed the checkpoints are the work; those of children are their parent's.
        let isDelivered = status == .completedNoChanges || (status == .completed && record.request.delivery.push)
        if isDelivered, workflow.parent == nil { write.removeCheckpoints() }
        let messages = try write.execute(on: connection)
        let others = try [
            Notice.tellDependents(of: workflow.address, on: connection),
            Notice.tellParent(of: workflow, .ended, .ended(status), on: connection),
            Notice.tellChildren(of: workflow, on: connection),
        ]
        return Effects(messages: messages, told: others.reduce(into: []) { $0.formUnion($1) })
    }

    private func apply(
        _ changes: WorkflowChanges, to id: UUID, on connection: Connection
    ) throws -> WorkflowRecord {
        let assignments = changes.assignments()
        let rows =
            assignments.isEmpty
            ? try connection.execute("select \(WorkflowRecord.columns) from tasks t where workflow_id = \(id)")
            : try connection.execute(
                """
                update tasks t set \(SQL.list(assignments)) where workflow_id = \(id) returning \(WorkflowRecord.columns)
                """)
        guard let row = rows.first else { throw StoreError.unknownWorkflow }
        return try WorkflowRecord(row)
    }
}

extension LockedWorkflow {
    /// Before the end, which is made of it.
    fileprivate func keep(_ output: any StepOutput, on connection: Connection) throws {
        try connection.execute(
            "update stage_runs r set output = \(JSONValue(encoding: output).storable) where \(key.matches)")
    }
}

extension WorkflowWrite {
    fileprivate mutating func removeCheckpoints() {
        add("packs", "delete from checkpoints where workflow_id = \(workflow.id)")
        guard workflow.children > 0 else { return }
        add(
            "packs_of_children",
            """
            delete from checkpoints where workflow_id in (select workflow_id from tasks where parent = \(workflow.id))
            """)
    }

    /// Writes how the workflow ended.
    fileprivate mutating func setEnd(_ result: WorkflowResult) throws {
        set(
            "result = \(try JSONValue(encoding: result).storable)", "error_message = \(nullable: result.errorMessage)",
            "finished_at = now()", "paused_at = null",
            "paused_seconds = paused_seconds + coalesce(extract(epoch from now() - paused_at), 0)")
    }

    /// The webhook's id is the last event's, so a workflow that is retried and ends again has another message.
    fileprivate mutating func addWebhook(
        _ event: StoredEvent, of record: WorkflowRecord, _ result: WorkflowResult, byDefault: Bool
    ) throws {
        let url = record.request.delivery.webhookURL
        guard url != nil || byDefault else { return }
        let payload = WebhookPayload(timestamp: Timestamp.text(event.event.timestamp), data: try result.fitting())
        let text = String(decoding: try JSON.encode(payload), as: UTF8.self)
        add(
            "webhook",
            """
            insert into webhook_messages (id, workflow_id, company_id, url, payload)
            values (\(event.id.text), \(record.workflowID), \(record.address.company), \(nullable: url), \(text.storable))
            """)
    }
}
