import Contracts
import Foundations
import TaskStore

/// Answers `control`.
package struct ControlDesk: Desk {
    package let type = RequestType.control
    private let record: any ControlRecord
    private let operations: OperationDesk
    private let outlet: any FrontDeskOutlet

    package init(_ record: any ControlRecord & OperationRecord, outlet: any FrontDeskOutlet) {
        self.record = record
        operations = OperationDesk(record: record)
        self.outlet = outlet
    }

    package func answer(_ message: ClientMessage, about address: TaskAddress) async throws -> Reply {
        guard let scope = QueryScope(address) else { throw SubmissionRefusal.behindAll }
        guard scope.level == .task else {
            return try await operations.answer(try OperationRequest(decoding: message.body), in: scope)
        }
        let control = try ControlMessage(decoding: message.body)
        switch try await record.control(address, control.request, by: control.actor ?? address.anybody) {
        case .accepted(let receipt):
            outlet.publish(receipt.messages)
            if receipt.ownerShouldLook { try await outlet.wakeOwner(of: receipt.workflowID) }
            return .ok([
                "workflow_id": .string(receipt.workflowID.text), "status": .string(receipt.status.rawValue),
                "last_seq": .int(receipt.lastSeq),
            ])
        case .notFound: return .notFound
        case .refused(let code, let message): return .error(code: code, message: message)
        }
    }
}
