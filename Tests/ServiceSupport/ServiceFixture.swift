import Contracts
import Database
import Flows
import Foundation
import Foundations
import Logging
import Messaging
import ServiceKit
import TaskStore
import TestSupport
import Worker

extension ServiceContext {
    /// A planner with a database of its own and a bus in memory. Close its pool at the end.
    package static func fixture(
        concurrency: Int = 1, _ more: [String: String] = [:], kinds: [StepKind.Row] = StepKind.rows
    ) async throws -> ServiceContext {
        let url = try await PostgresServer.shared().createDatabase()
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        let pool = ConnectionPool(DatabaseConfiguration(url: Secret(url), size: 4, logger: logger))
        try await TaskStore.migrate(pool)
        let values = ["DATABASE_URL": url, "WORKER_CONCURRENCY": "\(concurrency)"].merging(more) { $1 }
        let settings = try ServiceSettings(SettingsSource(values: values), kinds: kinds)
        let bus = InMemoryBus()
        try await StreamTopology.declare(on: bus, settings)
        let store = TaskStore(pool: pool)
        return ServiceContext(
            name: "planner", settings: settings, owner: UUID(), bus: bus, pool: pool, store: store,
            publisher: OutboxPublisher(
                bus: bus, store: store, rights: ServiceKind.planner.tells(kinds), patience: .zero, logger: logger),
            redactor: Redactor([]), logger: logger)
    }

    /// Another process on the same servers, or one with a bus of its own.
    package func sibling(bus: (any MessageBus)? = nil) -> ServiceContext {
        ServiceContext(
            name: name, settings: settings, owner: UUID(), bus: bus ?? self.bus, pool: pool, store: store,
            publisher: publisher, redactor: redactor, logger: logger)
    }

    /// Records a task of this name, by the flow of coding tasks or another, and returns what is to be published of it.
    package func submit(_ name: String, by flow: Flow? = nil) async throws -> [OutboxMessage] {
        guard let company = CompanyID("acme"), let project = ProjectID("shop"), let task = TaskID(name) else {
            throw CancellationError()
        }
        let address = TaskAddress(company: company, project: project, task: task)
        let request = TaskRequest(
            task: TaskSettings(address: address, title: name), repository: RepositorySettings(remoteURL: "https://x/y"))
        let submission = Submission(request: request, contentHash: name, flow: flow)
        guard case .accepted(_, let messages) = try await store.submit(submission) else { throw CancellationError() }
        return messages
    }

    package func publish(_ messages: [OutboxMessage]) async throws { try await bus.publish(messages) }

    /// Claims the plan of a task as a new owner; the lease of an earlier one has ended.
    package func claimPlan() async throws -> StageContext {
        _ = try await pool.withConnection { connection in
            try connection.execute("update stage_runs set lease_until = now() where state = 'leased'").affected
        }
        guard let run = try await store.claim(.plan, owner: UUID(), lease: .seconds(600)) else {
            throw CancellationError()
        }
        return StageContext(service: self, run: run, control: RunControl(maxCostUSD: nil), logger: logger)
    }
}

extension MessageBus {
    /// Publishes rows of the outbox.
    package func publish(_ messages: [OutboxMessage]) async throws {
        for message in messages {
            _ = try await publish(
                BusMessage(subject: message.subject, headers: message.headers, payload: message.payload),
                messageID: message.eventID.text)
        }
    }
}
