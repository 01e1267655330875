import Contracts
import Testing

/// What each service publishes of the outbox.
@Suite struct OutboxRightsTests {
    private func subject(_ name: String) -> String { "automata.workflows.acme.web.fix.\(name)" }

    private func publishable(_ service: ServiceKind, _ names: [String]) -> [String] {
        service.tells.publishable(names.map(subject)) { $0 }.map { String($0.split(separator: ".").last ?? "") }
    }

    @Test(arguments: StepKind.rows)
    func `who works on a kind permits it and what may follow, and tells of it and of the end`(
        _ row: StepKind.Row
    ) throws {
        let service = try #require(ServiceKind.allCases.first { $0.row.kinds.contains(row.kind) })
        for kind in row.successors.union([row.kind]) { #expect(service.tells.covers(subject(kind.permit))) }
        for type in row.events { #expect(service.tells.covers(subject(type.rawValue))) }
        for type in EventType.allCases where type.isTerminal { #expect(service.tells.covers(subject(type.rawValue))) }
    }

    @Test func `a prefix is published up to what is another's, and nothing overtakes`() {
        let own = ["implementation_step", "implementation_completed", "validation_requested"]
        #expect(publishable(.coder, own) == own)
        #expect(publishable(.coder, ["implementation_step", "plan_created", "implementation_step"]) == [own[0]])
        #expect(publishable(.coder, ["plan_created"] + own).isEmpty)
        #expect(publishable(.validator, own).isEmpty)
        let end = ["changes_pushed", "subtask_ended", "workflow_completed"]
        #expect(publishable(.pusher, end + ["plan_requested"]) == end)
    }

    @Test(arguments: [ServiceKind.planner, .notifier])
    func `who declares the stream publishes all that the outbox holds`(_ service: ServiceKind) {
        for type in EventType.allCases {
            #expect(service.tells.covers(subject(type.rawValue)) == type.isOutgoing, "\(type)")
        }
        for row in StepKind.rows { #expect(service.tells.covers(subject(row.kind.permit))) }
        #expect(service.tells.readsStream)
    }

    @Test func `where there are further kinds, who declares the stream permits them, and nobody else does`() {
        let kinds = StepKind.rows + [StepKind.coordination]
        let permit = subject(StepKind.coordinate.permit)
        #expect(ServiceKind.notifier.tells(kinds).covers(permit) && !ServiceKind.notifier.tells.covers(permit))
        #expect(!ServiceKind.coder.tells(kinds).covers(permit))
    }

    @Test(arguments: ServiceKind.allCases)
    func `no service submits, asks as a client or publishes what it does not know`(_ service: ServiceKind) {
        let names = ["task_submitted", "other", "", "deploy_requested"] + RequestType.allCases.map(\.rawValue)
        for name in names { #expect(!service.tells.covers(subject(name)), "\(name)") }
        #expect(!service.tells.covers("") && !service.tells.covers("."))
    }

    @Test func `a coder pushes nothing and reads nothing, and a webhook bridge and a gateway tell nothing`() {
        for name in ["push_requested", "plan_created", "validation_completed", "changes_pushed", "workflow_resumed"] {
            #expect(!ServiceKind.coder.tells.covers(subject(name)), "\(name)")
        }
        #expect(!ServiceKind.coder.tells.readsStream && !ServiceKind.pusher.tells.readsStream)
        for service in [ServiceKind.webhookBridge, .gateway] {
            #expect(service.tells == OutboxRights(events: [], permits: [], readsStream: false))
        }
    }
}
