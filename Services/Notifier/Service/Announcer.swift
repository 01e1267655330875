import Contracts
import FoundationEssentials
import Foundations
import Logging
import Messaging
import ServiceKit
import ServiceLifecycle
import Transfer

/// Tells people how each task ended: a line in the log, and a message to a chat if one is configured. The chat is also told
/// of approvals, budgets and checkpoints.
package struct Announcer: Service {
    private let events: [PermitSource]
    private let chat: (any ChatRoom)?
    private let metrics: MetricsRegistry
    private let crashPoints: CrashPoints
    private let logger: Logger

    package init(_ service: ServiceContext, client: HTTPClient) throws {
        self.init(
            ChatLine.consumers.map { PermitSource(service, consumer: $0) },
            try service.settings.source.secret(.chat).map { ChatWebhook(client: client, address: $0) },
            service.metrics, service.crashPoints, service.logger)
    }

    /// - Parameter events: The messages of what people are told.
    init(
        _ events: [PermitSource], _ chat: (any ChatRoom)?, _ metrics: MetricsRegistry,
        _ crashPoints: CrashPoints = .none, _ logger: Logger
    ) {
        self.events = events
        self.chat = chat
        self.metrics = metrics
        self.crashPoints = crashPoints
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for messages in events { group.addTask { await announce(messages) } }
            }
        }
    }

    private func announce(_ messages: PermitSource) async {
        while !Task.isCancelled {
            guard let next = try? await messages.next() else { continue }
            if let event = try? JSON.decode(Event.self, from: next.message.payload) {
                await crashPoints.around(.effect) { await tell(event) }
            }
            crashPoints.reach(.before(.ack))
            try? await next.acknowledge()
            crashPoints.reach(.after(.ack))
        }
    }

    private func tell(_ event: Event) async {
        if event.notificationType.isTerminal { note(event) }
        guard let chat, ChatLine.isNews(event, at: Date()) else { return }
        do { try await chat.say(ChatLine.text(event)) } catch {
            logger.warning("the chat could not be told", metadata: ["error": "\(error)"])
        }
    }

    private func note(_ event: Event) {
        let status = event.details["status"]?.stringValue ?? ""
        let branch = event.details["branch_name"]?.stringValue ?? ""
        metrics.count(.tasksEnded, status)
        logger.info(
            "task ended",
            metadata: [
                "task": "\(event.companyID)/\(event.projectID)/\(event.taskID)", "workflow_id": "\(event.workflowID)",
                "status": "\(status)", "branch": "\(branch)", "outcome": "\(event.message)",
            ])
    }
}
