import Contracts
import FoundationEssentials
import ServiceKit
import TaskStore

/// Where the notifier hands on what the record says is to be published. Returns at once.
protocol Outlet: Sendable {
    func publish(_ messages: [OutboxMessage])
}

/// What ``RunRepair`` needs of the record. Each returns what is to be published of it.
protocol RepairedRuns: Sendable {
    func returnExpiredLeases(limit: Int) async throws -> [OutboxMessage]
    func settleTold(limit: Int) async throws -> [OutboxMessage]
    func wakeWaiting(limit: Int) async throws -> [OutboxMessage]
    func endOverdue(grace: Duration, limit: Int) async throws -> [OutboxMessage]
    func reannounceReady(olderThan age: Duration, limit: Int) async throws -> [OutboxMessage]
}

/// What ``Relay`` needs of the record.
protocol LeftOverMessages: Sendable {
    func unpublished(olderThan age: Duration, limit: Int) async throws -> [OutboxMessage]
}

/// What ``BrokerRepair`` needs of the record.
protocol PublishedMessages: Sendable {
    func brokerState(of stream: String) async throws -> BrokerState
    func recordBroker(stream: String, createdAt: Date) async throws
    func streamAnchor(atMost sequence: UInt64, olderThan age: Duration) async throws -> StreamAnchor?
    func resetPublished(after sequence: UInt64, before time: Date, limit: Int) async throws -> Int
    func recheckSubmissions(in stream: String, after sequence: UInt64) async throws
}

/// What ``SubmissionAudit`` needs of the record.
protocol AuditedSubmissions: Sendable {
    func submissionsChecked(in stream: String) async throws -> UInt64?
    func moveSubmissionsChecked(in stream: String, from old: UInt64, to new: UInt64) async throws
    func knows(_ address: TaskAddress) async throws -> Bool
}

/// What ``Pruner`` needs of the record. Each removes a batch and returns how much it was.
protocol PrunedRecord: Sendable {
    func pruneOutbox(before time: Date, limit: Int) async throws -> Int
    func pruneHistory(before time: Date, limit: Int) async throws -> Int
    func pruneRejections(before time: Date, limit: Int) async throws -> Int
    func pruneLogs(before time: Date, limit: Int) async throws -> Int
    func pruneFailures(before time: Date, limit: Int) async throws -> Int
    func pruneModelFailures(before time: Date, limit: Int) async throws -> Int
    func pruneReplicas(before time: Date, limit: Int) async throws -> Int
    func prunePauses(before time: Date, limit: Int) async throws -> Int
}

/// What ``Checkpoints`` needs of the record.
protocol CheckpointRecord: Sendable {
    func beginDueCheckpoints(every days: Int) async throws -> [Pause]
    func restingCheckpoints() async throws -> [Pause]
    func figures(of place: PausePlace) async throws -> Figures
    func reach(
        _ pause: Pause, with report: StoredReport, telling event: CheckpointReached
    ) async throws -> [OutboxMessage]
}

/// What ``BacklogMetrics`` needs of the record.
protocol CountedBacklog: Sendable {
    func backlog(limit: Int) async throws -> Backlog
}

extension OutboxPublisher: Outlet {}
extension TaskStore: RepairedRuns, LeftOverMessages, PublishedMessages, AuditedSubmissions, PrunedRecord {}
extension TaskStore: CountedBacklog {}
extension TaskStore: CheckpointRecord {}
