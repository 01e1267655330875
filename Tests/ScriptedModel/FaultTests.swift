import Foundation
import Foundations
import ScriptedModelServer
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct FaultTests {
    private func client(_ turn: Turn) async throws -> ModelClient {
        try await ModelClient(Script(roles: [Role("any", turns: [turn])]))
    }

    private let streamed = request([user("x")], more: ["stream": true])

    @Test func `a rate limit comes with Retry-After and passes after the given times`() async throws {
        let client = try await ModelClient(
            yaml: "roles: [{turns: [{status: 429, retry_after: 1.5, times: 2, content: hi}]}]")
        let first = try await client.complete(request([user("x")]), "-D", "/dev/stderr")
        #expect(first.body.contains("Retry-After: 1.5"))
        #expect(first.status == 429)
        #expect(try await client.complete(request([user("x")])).error == "scripted fault")
        #expect(try await client.complete(request([user("x")])).message?["content"] == "hi")
        #expect(try await client.complete(request([user("another")])).status == 429)
        #expect(client.server.statistics.faults == 3)
    }

    @Test func `a stream is cut after its first half, and so is a whole answer`() async throws {
        let client = try await client(Turn(content: String(repeating: "a", count: 1000), fault: .cut))
        let stream = try await client.complete(streamed)
        #expect(stream.exit == 18)
        #expect(stream.status == 200)
        #expect(stream.deltas.count > 5)
        #expect(!stream.body.contains("[DONE]"))
        let whole = try await client.complete(request([user("x")]))
        #expect(whole.exit == 18)
        #expect(whole.body.hasPrefix("{"))
    }

    @Test func `a stalled stream stays open, and a hanging request is never answered`() async throws {
        let stalled = try await client(Turn(content: String(repeating: "a", count: 1000), fault: .stall))
        let half = try await stalled.complete(streamed, "--max-time", "0.3")
        #expect(half.exit == 28)
        #expect(half.deltas.count > 5)
        let hanging = try await client(Turn(fault: .hang))
        let none = try await hanging.complete(streamed, "--max-time", "0.3")
        #expect(none.exit == 28)
        #expect(none.status == 0)
    }

    @Test func `garbage has status 200 and is not JSON`() async throws {
        let client = try await client(Turn(content: "x", fault: .garbage))
        let answer = try await client.complete(streamed)
        #expect(answer.status == 200)
        #expect(answer.events.isEmpty)
        #expect(answer.body.contains("<html>"))
    }

    @Test func `random faults hit their share, the same in each run, and let repetitions through`() async throws {
        let script = Script(
            roles: [Role("any", turns: [Turn(content: "x")])],
            faults: RandomFaults(rate: 0.3, seed: 7, kinds: [.serverError, .rateLimited]))
        var runs: [[Int]] = []
        for _ in 0..<2 {
            let client = try await ModelClient(script)
            var statuses: [Int] = []
            for number in 0..<60 { statuses.append(try await client.complete(request([user("\(number)")])).status) }
            runs.append(statuses)
        }
        #expect(runs[0] == runs[1])
        #expect((8...30).contains(runs[0].count { $0 != 200 }))
        #expect(Set(runs[0]) == [200, 429, 503])
    }

    @Test func `a body that is no request is refused and leaves the server up`() async throws {
        let client = try await client(Turn(content: "x"))
        for body: JSONValue in ["text", [], ["model": "m"], ["model": "m", "messages": "no"], nil] {
            let answer = try await client.complete(body)
            #expect(answer.status == 400)
            #expect(answer.error?.contains("no chat completion request") == true)
        }
        #expect(try await client.complete(request([user("x")])).status == 200)
    }
}
