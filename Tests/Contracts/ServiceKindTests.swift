import Contracts
import Testing

/// The table of services and their settings.
@Suite struct ServiceKindTests {
    @Test(arguments: StepKind.rows)
    func `a kind is worked on by one service, by whose name its replicas share a consumer`(_ row: StepKind.Row) {
        let services = ServiceKind.allCases.filter { $0.row.kinds.contains(row.kind) }
        #expect(services.map(\.rawValue) == [row.consumer])
    }

    @Test(arguments: RequestType.allCases.filter(\.isOfClients))
    func `a request of clients is answered by one service`(_ type: RequestType) {
        #expect(ServiceKind.allCases.count { $0.row.answers.contains(type) } == 1)
    }

    @Test(arguments: ServiceKind.allCases)
    func `a service reads a setting once, and all that every service reads`(_ service: ServiceKind) {
        let settings = service.settings
        #expect(Set(settings).count == settings.count)
        #expect(Set(Setting.common).isSubset(of: settings))
    }

    @Test func `no two settings have a name in common`() {
        let names = Setting.all.flatMap { [$0.name] + $0.aliases }
        #expect(Set(names).count == names.count)
    }

    @Test func `planner and pusher alone may open credentials, and the coder has no key`() {
        #expect(ServiceKind.allCases.filter { $0.settings.contains(.sealingKey) } == [.planner, .pusher])
        #expect(Set(ServiceKind.coder.settings).isDisjoint(with: Setting.keys))
    }
}
