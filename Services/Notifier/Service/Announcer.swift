import Contracts
import Foundations
import Logging
import Messaging
import ServiceKit
import ServiceLifecycle
import Transfer

/// Tells people how each task ended: a line in the log, and a message to a chat if one is configured.
package struct Announcer: Service {
    private let endings: [PermitSource]
    private let chat: (any ChatRoom)?
    private let metrics: MetricsRegistry
    private let crashPoints: CrashPoints
    private let logger: Logger

    package init(_ service: ServiceContext, client: HTTPClient) throws {
        self.init(
            [StreamNames.notifyCompleted, StreamNames.notifyFailed].map { PermitSource(service, consumer: $0) },
            try service.settings.source.secret(.chat).map { ChatWebhook(client: client, address: $0) },
            service.metrics, service.crashPoints, service.logger)
    }

    /// - Parameter endings: The messages of the ends of tasks.
    init(
        _ endings: [PermitSource], _ chat: (any ChatRoom)?, _ metrics: MetricsRegistry,
        _ crashPoints: CrashPoints = .none, _ logger: Logger
    ) {
        self.endings = endings
        self.chat = chat
        self.metrics = metrics
        self.crashPoints = crashPoints
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for messages in endings { group.addTask { await announce(messages) } }
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
        let status = event.details["status"]?.stringValue ?? ""
        let branch = event.details["branch_name"]?.stringValue ?? ""
        metrics.count(.tasksEnded, status)
        logger.info(
            "task ended",
            metadata: [
                "task": "\(event.companyID)/\(event.projectID)/\(event.taskID)", "workflow_id": "\(event.workflowID)",
                "status": "\(status)", "branch": "\(branch)", "outcome": "\(event.message)",
            ])
        do { try await chat?.say(Self.line(event, branch)) } catch {
            logger.warning("the chat could not be told", metadata: ["error": "\(error)"])
        }
    }

    private static func line(_ event: Event, _ branch: String) -> String {
        let sign = event.notificationType == .workflowCompleted ? "✅" : "❌"
        let place = branch.isEmpty ? "" : " on `\(branch)`"
        return "\(sign) \(event.companyID)/\(event.projectID)/\(event.taskID)\(place): \(event.message)"
    }
}
