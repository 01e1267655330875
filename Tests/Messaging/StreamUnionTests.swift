import Foundation
import JetStream
import Messaging
import TestSupport
import Testing

/// Programs of different versions declare the same stream: none takes away what another one needs.
@Suite("Declarations of several versions", .timeLimit(.minutes(1)))
struct StreamUnionTests {
    private static let older = StreamDeclaration(name: "TEST", subjects: ["t.*.a", "t.*.b"])
    private static let newer = StreamDeclaration(name: "TEST", subjects: ["t.*.b", "t.*.c"])

    @Test(arguments: BusUnderTest.allCases, [[older, newer], [newer, older]])
    func `what was declared first stays, whoever was first`(
        _ kind: BusUnderTest, _ order: [StreamDeclaration]
    ) async throws {
        try await kind.with { bus in
            for stream in order + order { try await bus.declare(stream, consumers: []) }
            for last in ["a", "b", "c"] { try await bus.publish("t.x.\(last)", last) }
            let state = try #require(try await bus.streamState("TEST"))
            #expect(state.messages == 3)
            #expect(Set(state.subjects) == ["t.*.a", "t.*.b", "t.*.c"])
        }
    }

    @Test(arguments: BusUnderTest.allCases)
    func `a wider pattern takes the place of those that it covers, and they do not come back`(
        _ kind: BusUnderTest
    ) async throws {
        try await kind.with { bus in
            let wide = StreamDeclaration(name: "TEST", subjects: ["t.>"])
            for stream in [Self.older, wide, Self.older] { try await bus.declare(stream, consumers: []) }
            #expect(try await bus.streamState("TEST")?.subjects == ["t.>"])
        }
    }

    @Test func `of many that declare at once on a real server nobody's subjects are lost`() async throws {
        try await withJetStream { bus, server in
            try await bus.declare(Self.older, consumers: [])
            for round in 1...5 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 1...6 {
                        group.addTask {
                            let rival = JetStreamBus(.test(server.url))
                            defer { rival.close() }
                            try await rival.connect()
                            let own = StreamDeclaration(name: "TEST", subjects: ["t.*.b", "t.\(round).\(number)"])
                            try await rival.declare(own, consumers: [])
                        }
                    }
                    try await group.waitForAll()
                }
                let subjects = Set(try #require(try await bus.streamState("TEST")).subjects)
                #expect(subjects.isSuperset(of: (1...6).map { "t.\(round).\($0)" }), "round \(round)")
                #expect(subjects.isSuperset(of: Self.older.subjects))
            }
        }
    }
}
