import Contracts
import FoundationEssentials
import Foundations
import Logging
import Messaging
import ServiceKit
import ServiceLifecycle
import TaskStore

/// Answers `submit`, `control`, `status` and `query`. Any planner answers for any task: what counts is in the record.
package struct FrontDoor: Service {
    private let service: ServiceContext
    private let desk: SubmissionDesk

    package init(_ service: ServiceContext, _ desk: SubmissionDesk) {
        self.service = service
        self.desk = desk
    }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { try await serve(.submit, submit) }
                group.addTask { try await serve(.control, control) }
                group.addTask { try await serve(.status, status) }
                group.addTask { try await serve(.query, query) }
            }
        }
    }

    private typealias Answer = @Sendable (TaskAddress, BusMessage) async throws -> Reply

    private func serve(_ type: RequestType, _ answer: @escaping Answer) async throws {
        let requests = try await service.bus.subscribe(service.settings.subjects.filter(type), queueGroup: "front-door")
        service.openings.opened(type.rawValue)
        await withDiscardingTaskGroup { group in
            for await request in requests {
                group.addTask { await respond(to: request, answer) }
            }
        }
    }

    private func respond(to request: BusMessage, _ answer: Answer) async {
        guard let subject = request.reply else { return }
        let reply: Reply
        do {
            guard let (address, _) = service.settings.subjects.parse(request.subject) else {
                throw SubmissionRefusal(code: "invalid_subject", reason: "expected ids of [A-Za-z0-9_-]{1,64}")
            }
            reply = try await answer(address, request)
        } catch let refusal as SubmissionRefusal {
            reply = .error(code: refusal.code, message: refusal.description)
        } catch let error as FieldError {
            reply = .error(code: "invalid_request", message: error.description)
        } catch {
            service.logger.warning("a request failed", metadata: ["error": "\(error)"])
            reply = .error(code: "unavailable", message: "the request could not be handled now, try again")
        }
        guard let payload = try? reply.json.data() else { return }
        try? await service.bus.send(BusMessage(subject: subject, payload: payload))
    }

    private func submit(_ address: TaskAddress, _ request: BusMessage) async throws -> Reply {
        let trace = TraceContext.traceID(request.headers)
        switch try await desk.submit(request.payload, to: address, trace: trace) {
        case .accepted(let workflowID):
            return .ok(["workflow_id": .string(workflowID.text), "duplicate": false])
        case .duplicate(let workflowID):
            return .ok(["workflow_id": .string(workflowID.text), "duplicate": true])
        case .refused(let refusal):
            // The asker has the reason; the submission is kept for the operator all the same.
            try await desk.reject(request, from: address, because: refusal)
            throw refusal
        }
    }

    private func control(_ address: TaskAddress, _ request: BusMessage) async throws -> Reply {
        switch try await service.store.control(address, try ControlRequest(decoding: request.payload)) {
        case .accepted(let receipt):
            service.publisher.publish(receipt.messages)
            if receipt.ownerShouldLook { try await wakeOwner(of: receipt.workflowID) }
            return .ok([
                "workflow_id": .string(receipt.workflowID.text), "status": .string(receipt.status.rawValue),
                "last_seq": .int(receipt.lastSeq),
            ])
        case .notFound: return notFound
        case .refused(let code, let message): return .error(code: code, message: message)
        }
    }

    private func status(_ address: TaskAddress, _ request: BusMessage) async throws -> Reply {
        guard let snapshot = try await service.store.snapshot(address) else { return notFound }
        return .ok(try JSONValue(encoding: snapshot).objectValue ?? [:])
    }

    private func query(_ address: TaskAddress, _ request: BusMessage) async throws -> Reply {
        let query = try QueryRequest(decoding: request.payload)
        switch query.what {
        case .events:
            // One more than wanted tells whether there are older ones.
            let events = try await service.store.events(
                address, since: query.since, before: query.before, limit: query.limit + 1)
            guard let events else { return notFound }
            let page = try QueryPage(Array(events.prefix(query.limit)), hasMore: events.count > query.limit)
            return .ok(page.fields)
        }
    }

    private var notFound: Reply { .error(code: "not_found", message: "there is no such task") }

    private func wakeOwner(of workflowID: UUID) async throws {
        let body: JSONValue = ["workflow_id": .string(workflowID.text)]
        try await service.bus.send(
            BusMessage(subject: service.settings.subjects.signals, payload: try body.data()))
    }
}
