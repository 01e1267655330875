import Contracts
import Cryptography
import Foundation
import Foundations
import Synchronization

@testable import GatewayService
@testable import TaskStore

/// A record of tests: who may come in, and a task with events.
final class MemoryRecord: GatewayRecord {
    struct Asked: Equatable {
        let request: QueryRequest
        let scope: QueryScope
    }

    private struct State {
        var tokens: [String: AccessGrant] = [:]
        var sessions: [String: AccessGrant] = [:]
        var invitations: [String: AccessGrant] = [:]
        var asked: [Asked] = []
    }

    /// The one task that there is, and how many events it has.
    static let address = MemoryLog.address("fix")
    private static let eventCount = 3

    let log = MemoryLog()
    let logLines = MemoryLines()
    private let state = Mutex(State())

    init() { for _ in 0..<Self.eventCount { log.emit(Self.address) } }

    /// What was asked of lists.
    var asked: [Asked] { state.withLock { $0.asked } }

    /// Gives somebody a token.
    func token(_ role: AccessRole, company: String? = nil, name: String = "somebody") -> Secret {
        let token = AccessToken.generate()
        let grant = AccessGrant(name: name, role: role, company: company.map { CompanyID(validated: $0) })
        state.withLock { $0.tokens[AccessToken.digest(of: token)] = grant }
        return token
    }

    func invite(_ role: AccessRole) -> Secret {
        let code = AccessToken.generate()
        let grant = AccessGrant(name: "local", role: role, company: nil)
        state.withLock { $0.invitations[AccessToken.digest(of: code)] = grant }
        return code
    }

    func revokeAll() { state.withLock { $0 = State(asked: $0.asked) } }

    func accessGrant(token digest: String) -> AccessGrant? { state.withLock { $0.tokens[digest] } }
    func accessGrant(session digest: String) -> AccessGrant? { state.withLock { $0.sessions[digest] } }

    func signIn(token: String, session: String, for lifetime: Duration) -> AccessGrant? {
        state.withLock { state in
            state.sessions[session] = state.tokens[token]
            return state.tokens[token]
        }
    }

    func redeem(invitation: String, session: String, for lifetime: Duration) -> AccessGrant? {
        state.withLock { state in
            let grant = state.invitations.removeValue(forKey: invitation)
            state.sessions[session] = grant
            return grant
        }
    }

    func signOut(session digest: String) { state.withLock { $0.sessions[digest] = nil } }

    func page(_ request: QueryRequest, in scope: QueryScope) throws -> QueryPage? {
        state.withLock { $0.asked.append(Asked(request: request, scope: scope)) }
        if case .task(let address) = scope, address != Self.address { return nil }
        let item: JSONValue = [
            "company_id": "acme", "project_id": "web", "task_id": "fix", "status": "running",
            "remote_url": "https://git.example/web.git",
            "message": .string(String(repeating: "x", count: 2000)),
        ]
        return QueryPage(items: [item], cursor: request.cursor == "next" ? nil : "next")
    }

    func snapshot(_ address: TaskAddress) -> StatusSnapshot? {
        guard address == Self.address else { return nil }
        return StatusSnapshot(
            workflowID: "w", status: .running, stage: .plan, round: 0, lastSeq: Self.eventCount, branchName: nil,
            costUSD: 0, createdAt: Date(), finishedAt: nil, result: .null)
    }

    func describe(_ kind: String, at place: CataloguePlace, version: Int?) -> CatalogueDescription? {
        guard place.level != .project || place.name == "web" else { return nil }
        return CatalogueDescription(
            kind: kind, name: place.name, version: version ?? 2,
            spec: ["description": .string(place.address.tokens), "metadata": ["kept": true]])
    }

    func versions(_ kind: String, at place: CataloguePlace, limit: Int) -> [CatalogueDescription] {
        let specs: [(spec: JSONValue, actor: String?)] = [
            (["description": "old"], nil), (["description": "new"], "ann"),
        ]
        return specs.enumerated().reversed().map { index, version in
            CatalogueDescription(
                kind: kind, name: place.name, version: index + 1, spec: version.spec,
                createdAt: Date(timeIntervalSince1970: Double(index)), createdBy: version.actor)
        }
    }

    func list(_ request: QueryRequest, of kind: any CatalogueSpec.Type, in scope: QueryScope) throws -> QueryPage {
        state.withLock { $0.asked.append(Asked(request: request, scope: scope)) }
        let item: JSONValue = ["name": "web", "version": 2, "company_id": "acme", "project_id": "web"]
        return QueryPage(items: [item], cursor: nil)
    }

    func nextCheckpoints(every days: Int) -> [ScheduledCheckpoint] { [] }

    func workflow(_ id: UUID) -> WorkflowRecord? { nil }
    func workflow(_ address: TaskAddress, withSeal: Bool) -> WorkflowRecord? { nil }

    func lastLine() -> Int { logLines.lastLine() }

    func lines(after id: Int, upTo last: Int, matching filter: LogFilter, limit: Int) -> LogBatch {
        logLines.lines(after: id, upTo: last, matching: filter, limit: limit)
    }

    func eventCursor() throws -> EventCursor { try log.eventCursor() }

    func events(after cursor: EventCursor, in scope: QueryScope, limit: Int) throws -> EventBatch? {
        try log.events(after: cursor, in: scope, limit: limit)
    }

    func events(
        of address: TaskAddress, after seq: Int, limit: Int
    ) -> (workflowID: String, events: [(seq: Int, event: JSONValue)])? {
        log.events(of: address, after: seq, limit: limit)
    }
}

extension TaskAddress {
    /// As a subject has it.
    var tokens: String { "\(company).\(project).\(task)" }
}

/// A front door of tests: it notes what it is asked.
final class MemoryDoor: FrontDoorClient {
    struct Asked: Equatable {
        let type: RequestType
        let address: TaskAddress
        let body: JSONValue
    }

    private let state = Mutex<(asked: [Asked], refusal: Problem?)>(([], nil))

    var asked: [Asked] { state.withLock { $0.asked } }

    func refuse(_ problem: Problem?) { state.withLock { $0.refusal = problem } }

    func ask(_ type: RequestType, _ address: TaskAddress, _ body: JSONValue) throws -> [String: JSONValue] {
        try state.withLock { state in
            if let refusal = state.refusal { throw refusal }
            state.asked.append(Asked(type: type, address: address, body: body))
            switch type {
            case .submit: return ["workflow_id": "w", "duplicate": false]
            case .control: return ["workflow_id": "w", "status": "running", "last_seq": 3]
            case .define: return ["version": 3, "created": true]
            case .remove: return ["version": 3]
            default: return ["patch": "", "head_commit": "a", "offset": .null]
            }
        }
    }
}
