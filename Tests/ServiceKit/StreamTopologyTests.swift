import Contracts
import Database
import Foundation
import Foundations
import Messaging
import ServiceSupport
import TestSupport
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(1))) struct StreamTopologyTests {
    private let settings: ServiceSettings

    init() throws { settings = try ServiceSettings(SettingsSource(values: ["DATABASE_URL": "postgres://localhost/x"])) }

    @Test func `nothing is missing once it is declared, and a newer program's part does no harm`() async throws {
        let bus = InMemoryBus()
        #expect(try await !StreamTopology.isComplete(on: bus, settings))
        var newer = StreamTopology.stream(settings)
        newer.subjects.append(settings.subjects.prefix + ".*.*.*.of_the_future")
        try await bus.declare(newer, consumers: [])
        #expect(try await !StreamTopology.isComplete(on: bus, settings))
        try await StreamTopology.declare(on: bus, settings)
        #expect(try await StreamTopology.isComplete(on: bus, settings))
        #expect(try await bus.streamState(StreamNames.events)?.subjects == newer.subjects)
    }

    @Test func `a subject that is missing is noticed`() async throws {
        let bus = InMemoryBus()
        var older = StreamTopology.stream(settings)
        older.subjects.removeLast()
        try await bus.declare(older, consumers: StreamTopology.consumers(settings))
        #expect(try await !StreamTopology.isComplete(on: bus, settings))
    }

    @Test func `planner and notifier declare, all others wait`() {
        let services = ServiceKind.allCases.map(\.rawValue)
        #expect(services.filter(StreamTopology.isDeclared(by:)) == ["planner", "notifier"])
    }

    @Test func `who declares brings back what the bus lost`() async throws {
        let context = try await ServiceContext.fixture()
        let bus = try #require(context.bus as? InMemoryBus)
        bus.remove(stream: StreamNames.events)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await StreamKeeper(service: context).run() }
            try await eventually("everything is there again") {
                try await StreamTopology.isComplete(on: bus, context.settings)
            }
            group.cancelAll()
        }
        try await context.pool.close()
    }
}
