import Contracts
import Testing

@testable import CommandLineTool

struct ReplicasTests {
    @Test func `counts are read by service`() throws {
        #expect(try UpCommand.parse("coder=3,validator=2") == [.coder: 3, .validator: 2])
        #expect(try UpCommand.parse("webhook-bridge=64") == [.webhookBridge: 64])
        #expect(try UpCommand.parse("").isEmpty)
    }

    @Test(arguments: ["coder", "coder=", "coder=0", "coder=65", "coder=-1", "coder=x", "typist=1", "coder=1=2"])
    func `anything else is refused`(_ text: String) {
        #expect(throws: (any Error).self) { try UpCommand.parse(text) }
    }
}
