import Contracts
import Foundations
import Reports
import TaskStore

/// What requests about a whole company, the platform or a replica need of the record.
package protocol OperationRecord: Sendable {
    func move(_ place: PausePlace, _ cause: Standing.Cause, by actor: String) async throws -> Pause?
    func order(_ name: String, to order: Replica.Order, by actor: String) async throws -> Int
    func figures(of place: PausePlace) async throws -> Figures
    func keep(_ report: StoredReport) async throws
}

extension TaskStore: OperationRecord {}

/// Answers `control` where the subject names no task: a company, the platform and its replicas.
struct OperationDesk: Sendable {
    let record: any OperationRecord

    func answer(_ request: OperationRequest, in scope: QueryScope) async throws -> Reply {
        guard let place = PausePlace(scope) else {
            return .error(code: "not_possible", message: "a project has no such control, its company and its tasks do")
        }
        let actor = request.actor ?? place.address.anybody
        if let replica = request.replica {
            guard place == .platform else {
                return .error(code: "not_possible", message: "replicas are the platform's")
            }
            return try await order(replica, request.action, actor)
        }
        switch request.action {
        case .pause: return try await move(place, .pause, actor)
        case .checkpoint: return try await move(place, .checkpoint, actor)
        case .resume: return try await move(place, .resume, actor)
        case .report: return try await report(place, actor)
        case .drain, .restart: return .error(code: "invalid_request", message: "replica: missing")
        }
    }

    private func move(_ place: PausePlace, _ cause: Standing.Cause, _ actor: String) async throws -> Reply {
        guard let pause = try await record.move(place, cause, by: actor) else {
            return .ok(["status": .string(Standing.going.rawValue)])
        }
        return .ok([
            "status": .string(pause.standing.rawValue), "pause_id": .string(pause.id.text),
            "paused_by": .string(pause.pausedBy), "paused_at": .string(Timestamp.text(pause.pausedAt)),
        ])
    }

    private func order(
        _ name: String, _ action: OperationRequest.Action, _ actor: String
    ) async throws -> Reply {
        guard let order = Replica.Order(action) else {
            return .error(code: "invalid_request", message: "action: \(action.rawValue) is not of a replica")
        }
        let count = try await record.order(name, to: order, by: actor)
        guard count > 0 else { return .error(code: "not_found", message: "there is no such replica") }
        return .ok(["status": .string(order.rawValue), "replicas": .int(count)])
    }

    private func report(_ place: PausePlace, _ actor: String) async throws -> Reply {
        let report = Report(of: place, try await record.figures(of: place)).stored(by: actor)
        try await record.keep(report)
        return .ok(["status": "kept", "report_id": .string(report.id.text)])
    }
}

extension Replica.Order {
    fileprivate init?(_ action: OperationRequest.Action) {
        switch action {
        case .pause: self = .pause
        case .resume: self = .run
        case .drain: self = .drain
        case .restart: self = .restart
        case .checkpoint, .report: return nil
        }
    }
}
