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
    private let service: ServiceContext
    private let client: HTTPClient
    /// The incoming webhook of a chat; it takes `{"text": …}` (Slack, Mattermost, Rocket.Chat and others).
    private let chat: Secret?

    package init(_ service: ServiceContext, client: HTTPClient) throws {
        self.service = service
        self.client = client
        chat = try service.settings.source.secret(.chat)
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for consumer in ChatLine.consumers {
                    group.addTask { await announce(PermitSource(service, consumer: consumer)) }
                }
            }
        }
    }

    private func announce(_ messages: PermitSource) async {
        while !Task.isCancelled {
            guard let next = try? await messages.next() else { continue }
            if let event = try? JSON.decode(Event.self, from: next.message.payload) {
                await service.crashPoints.around(.effect) { await tell(event) }
            }
            service.crashPoints.reach(.before(.ack))
            try? await next.acknowledge()
            service.crashPoints.reach(.after(.ack))
        }
    }

    private func tell(_ event: Event) async {
        if event.notificationType.isTerminal { note(event) }
        guard let chat, ChatLine.isNews(event, at: Date()) else { return }
        do {
            let body = try JSONValue.object(["text": .string(ChatLine.text(event))]).data()
            let response = try await client.send(
                HTTPRequest(
                    method: "POST", url: chat.reveal(), headers: [("content-type", "application/json")], body: body,
                    timeout: .seconds(15)))
            guard !(200..<300).contains(response.status) else { return }
            service.logger.warning("the chat refused a message", metadata: ["status": "\(response.status)"])
        } catch {
            service.logger.warning("the chat could not be told", metadata: ["error": "\(error)"])
        }
    }

    private func note(_ event: Event) {
        service.metrics.count(.tasksEnded, event.details["status"]?.stringValue ?? "")
        let branch = event.details["branch_name"]?.stringValue ?? ""
        service.logger.info(
            "task ended",
            metadata: [
                "task": "\(event.companyID)/\(event.projectID)/\(event.taskID)", "workflow_id": "\(event.workflowID)",
                "status": "\(event.details["status"]?.stringValue ?? "")", "branch": "\(branch)",
                "outcome": "\(event.message)",
            ])
    }
}
