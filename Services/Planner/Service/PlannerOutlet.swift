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
        try await signal(["workflow_id": .string(workflowID.text)])
    }

    func wakeReplicas() async throws { try await signal(["settings": true]) }

    private func signal(_ body: JSONValue) async throws {
        try await service.bus.send(
            BusMessage(subject: service.settings.subjects.signals, payload: try body.data()))
    }

    func note(_ occurrence: FrontDeskOccurrence) {
        switch occurrence {
        case .accepted(let workflowID):
            service.metrics.count(.submissions, "accepted")
            service.logger.info("task accepted", metadata: ["workflow_id": "\(workflowID.text)"])
        case .updated(let workflowID):
            service.metrics.count(.submissions, "updated")
            service.logger.info("task updated", metadata: ["workflow_id": "\(workflowID.text)"])
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
        case .defined(let kind, let place, let version):
            service.logger.info("catalogue changed", metadata: Self.metadata(kind, place, "version \(version)"))
        case .removed(let kind, let place):
            service.logger.info("catalogue changed", metadata: Self.metadata(kind, place, "removed"))
        case .failed(let error):
            service.logger.warning("a request failed", metadata: ["error": "\(error)"])
        }
    }

    private static func metadata(_ kind: String, _ place: CataloguePlace, _ change: String) -> Logger.Metadata {
        [
            "kind": "\(kind)", "company": "\(place.address.company)", "project": "\(place.address.project)",
            "name": "\(place.name)", "change": "\(change)",
        ]
    }
}
