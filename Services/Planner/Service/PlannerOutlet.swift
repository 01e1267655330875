import Contracts
import FoundationEssentials
import Foundations
import FrontDesk
import Logging
import Messaging
import ServiceKit
import TaskStore

/// Hands on by the bus what the front desk recorded, and tells operators by log and metrics.
struct PlannerOutlet: FrontDeskOutlet {
    private let service: ServiceContext

    init(_ service: ServiceContext) { self.service = service }

    func publish(_ messages: [OutboxMessage]) { service.publisher.publish(messages) }

    func wakeOwner(of workflowID: UUID) async throws {
        let body: JSONValue = ["workflow_id": .string(workflowID.text)]
        try await service.bus.send(
            BusMessage(subject: service.settings.subjects.signals, payload: try body.data()))
    }

    func note(_ occurrence: FrontDeskOccurrence) {
        switch occurrence {
        case .accepted(let workflowID):
            service.metrics.count(.submissions, "accepted")
            service.logger.info("task accepted", metadata: ["workflow_id": "\(workflowID.text)"])
        case .known(let workflowID):
            service.metrics.count(.submissions, "known")
            service.logger.info("task was known", metadata: ["workflow_id": "\(workflowID.text)"])
        case .refused(let refusal, let subject, let bytes):
            service.metrics.count(.submissions, "refused")
            service.logger.notice(
                "task rejected",
                metadata: [
                    "subject": "\(subject)", "bytes": "\(bytes)", "code": "\(refusal.code)",
                    "reason": "\(refusal.description)",
                ])
        case .failed(let error):
            service.logger.warning("a request failed", metadata: ["error": "\(error)"])
        }
    }
}
