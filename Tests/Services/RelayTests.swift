import Testing

@testable import NotifierService

@Suite struct RelayTests {
    @Test func `what is left over is published in its order, what was just written is its writer's to publish`()
        async throws
    {
        let (outbox, outlet) = (MemoryOutbox(), MemoryOutlet())
        outbox.write("first", age: .seconds(3))
        outbox.write("second", age: .seconds(3))
        outbox.write("new", age: .zero)
        try await Relay(outbox, outlet, .silent).relay()
        #expect(outlet.subjects == ["first", "second"])
    }

    @Test func `nothing is published where nothing is left over`() async throws {
        let outlet = MemoryOutlet()
        try await Relay(MemoryOutbox(), outlet, .silent).relay()
        #expect(outlet.subjects.isEmpty)
    }
}
