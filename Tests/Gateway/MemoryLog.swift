import Contracts
import Foundation
import Foundations
import Synchronization

@testable import GatewayService
@testable import TaskStore

/// Events of tests, written by transactions that may end in any order: what Postgres does, in memory.
final class MemoryLog: FollowedRecord {
    private struct State {
        var messages: [EventMessage] = []
        var open: Set<Int64> = []
        var next: Int64 = 10
        var seqs: [TaskAddress: Int] = [:]
    }

    private let state = Mutex(State())
    private let subjects = SubjectScheme()

    static func address(_ task: String, project: String = "web") -> TaskAddress {
        TaskAddress(
            company: CompanyID(validated: "acme"), project: ProjectID(validated: project), task: TaskID(validated: task)
        )
    }

    /// Begins a transaction.
    func begin() -> Int64 {
        state.withLock { state in
            state.next += 1
            state.open.insert(state.next - 1)
            return state.next - 1
        }
    }

    /// Writes the next event of a task, whose row the transaction holds.
    func write(_ address: TaskAddress, in transaction: Int64) {
        state.withLock { state in
            let seq = (state.seqs[address] ?? 0) + 1
            state.seqs[address] = seq
            state.messages.append(
                EventMessage(
                    id: Int64(state.messages.count + 1), transaction: transaction,
                    subject: subjects.subject(address, .planCreated), seq: seq, workflowID: "w-\(address.task)",
                    payload: #"{"seq":\#(seq),"task_id":"\#(address.task)"}"#))
        }
    }

    func commit(_ transaction: Int64) { state.withLock { _ = $0.open.remove(transaction) } }

    /// A transaction with one event.
    func emit(_ address: TaskAddress) {
        let transaction = begin()
        write(address, in: transaction)
        commit(transaction)
    }

    private static func snapshot(_ state: State) throws -> EventSnapshot {
        let open = state.open.sorted()
        let text = "\(open.first ?? state.next):\(state.next):\(open.map { "\($0)" }.joined(separator: ","))"
        guard let snapshot = EventSnapshot(text) else { throw Problem.internalError }
        return snapshot
    }

    func eventCursor() throws -> EventCursor {
        try state.withLock { EventCursor(time: 1, seen: try Self.snapshot($0)) }
    }

    func events(after cursor: EventCursor, in scope: QueryScope, limit: Int) throws -> EventBatch? {
        try state.withLock { state in
            let moment = try cursor.part?.upTo ?? Self.snapshot(state)
            let found = state.messages.filter { message in
                !cursor.seen.sees(message.transaction) && moment.sees(message.transaction)
                    && message.id > cursor.part?.message ?? 0
                    && subjects.parse(message.subject).map { scope.contains($0.address) } ?? false
            }
            return EventBatch(
                messages: Array(found.prefix(limit)), upTo: moment, time: 1, isWhole: found.count <= limit)
        }
    }

    func events(
        of address: TaskAddress, after seq: Int, limit: Int
    ) -> (workflowID: String, events: [(seq: Int, event: JSONValue)])? {
        state.withLock { state in
            guard state.seqs[address] != nil else { return nil }
            let found = state.messages.filter { message in
                message.seq > seq && subjects.parse(message.subject)?.address == address
                    && !state.open.contains(message.transaction)
            }
            let events = found.prefix(limit).map {
                ($0.seq, ["seq": .int($0.seq), "task_id": .string(address.task.text)] as JSONValue)
            }
            return ("w-\(address.task)", events)
        }
    }
}
