import Foundation
import Testing

@testable import GatewayService

@Suite struct ServerSentEventTests {
    @Test func `an event has its id, its name and each line of its data`() {
        #expect(ServerSentEvent.text("a\nb", id: "7", name: "patch") == "event: patch\nid: 7\ndata: a\ndata: b\n\n")
        #expect(ServerSentEvent.text("{}") == "data: {}\n\n")
    }

    @Test(arguments: ["a\n\nid: 9\ndata: forged", "a\r\n\r\nevent: x", "a\rb", "\n", "a\u{2028}b"])
    func `no data makes an event of its own`(_ data: String) {
        let text = ServerSentEvent.text(data, id: "1\n2", name: "x\ny")
        #expect(text.hasPrefix("event: xy\nid: 12\ndata: "))
        let lines = text.dropLast(2).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.dropFirst(2).allSatisfy { $0.hasPrefix("data: ") })
        #expect(!text.contains("\r"))
    }

    @Test func `a beat says nothing, and may tell a place`() {
        #expect(ServerSentEvent.beat() == ":\n\n")
        #expect(ServerSentEvent.beat(id: "5") == ":\nid: 5\n\n")
    }
}
