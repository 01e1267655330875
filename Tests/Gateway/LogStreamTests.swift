import Contracts
import Foundation
import Foundations
import Messaging
import ServiceKit
import TestSupport
import Testing

@testable import GatewayService
@testable import TaskStore

/// Streams of lines of the logs.
@Suite(.timeLimit(.minutes(1))) struct LogStreamTests {
    /// Gateways over a common record: any of them goes on with any stream.
    private func withGateways(
        _ count: Int, _ record: MemoryRecord, _ body: ([Gateway]) async throws -> Void
    ) async throws {
        let gateways = (0..<count).map { _ in
            var gateway = Fixture().gateway
            gateway.record = record
            gateway.logs = LogFollower(
                record, interval: .milliseconds(2), metrics: gateway.metrics, logger: gateway.logger)
            return gateway
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for gateway in gateways { group.addTask { try await gateway.logs.run() } }
            try await body(gateways)
            group.cancelAll()
        }
    }

    private func stream(
        _ gateway: Gateway, _ filter: LogFilter = .all, after start: Int, beat: Duration = .seconds(15),
        call: Call? = nil
    ) throws -> LogStream {
        LogStream(gateway, try call ?? Call(.get, "/"), filter, after: start, beat: beat) { line in
            ServerSentEvent.text("line", id: "\(line.id)")
        }
    }

    private func ids(_ client: StreamClient) -> [Int] { client.seen.compactMap { Int($0.id) } }

    @Test func `a stream that is cut goes on at any gateway, and no line is missed or doubled`() async throws {
        let record = MemoryRecord()
        let filter = try LogFilter(["level": "info", "text": "WANTED"], in: .platform)
        try await withGateways(2, record) { gateways in
            let client = StreamClient()
            let wanted = try await withThrowingTaskGroup(of: [Int].self) { group in
                group.addTask {
                    var wanted: [Int] = []
                    for number in 0..<1500 {
                        let isWanted = number % 5 < 3
                        let id = record.logLines.write(isWanted ? "wanted" : "other", level: "warning")
                        if isWanted { wanted.append(id) }
                        record.logLines.write("wanted", level: "debug")
                        if number.isMultiple(of: 20) { await Task.yield() }
                    }
                    return wanted + [record.logLines.write("wanted: the end", level: "critical")]
                }
                var cuts = 0
                while client.seen.last?.data != "end" {
                    let length = cuts < 100 ? Int.random(in: 0...1000) : nil
                    let stream = LogStream(
                        gateways[cuts % 2], try Call(.get, "/"), filter, after: Int(client.lastID ?? "0") ?? 0,
                        beat: .milliseconds(20)
                    ) { line in
                        let message = line.item(in: .platform)["message"]?.stringValue ?? ""
                        return ServerSentEvent.text(message.hasSuffix("end") ? "end" : "line", id: "\(line.id)")
                    }
                    _ = try? await stream.write(
                        to: EndingConnection(client: client.connection(breaksAfter: length)))
                    client.disconnect()
                    cuts += 1
                }
                #expect(cuts > 20)
                return try await group.next() ?? []
            }
            #expect(ids(client) == wanted)
        }
    }

    @Test func `a stream begins behind a place, and goes on with what is written`() async throws {
        let record = MemoryRecord()
        let first = record.logLines.write("one")
        let second = record.logLines.write("two")
        try await withGateways(1, record) { gateways in
            let client = StreamClient()
            let stream = try stream(gateways[0], after: first)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await stream.write(to: client.connection()) }
                try await eventually("what was there") { client.seen.count == 1 }
                let third = record.logLines.write("three")
                try await eventually("what was written") { client.seen.count == 2 }
                #expect(ids(client) == [second, third])
                stream.end()
                try await group.waitForAll()
            }
        }
    }

    @Test func `a place of another record is told to load anew`() async throws {
        let record = MemoryRecord()
        for _ in 0..<5 { record.logLines.write("m") }
        try await withGateways(1, record) { gateways in
            let client = StreamClient()
            let stream = try stream(gateways[0], after: record.logLines.lastLine())
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await stream.write(to: client.connection()) }
                try await eventually("the place") { client.lastID != nil }
                record.logLines.clear()
                let id = record.logLines.write("another")
                try await eventually("the place in the other") { client.lastID == "\(id)" }
                #expect(client.seen.first?.name == "reset")
                stream.end()
                try await group.waitForAll()
            }
        }
    }

    @Test func `a client hears at times, and one whose token is revoked no more, whatever is written`() async throws {
        let record = MemoryRecord()
        let token = record.token(.viewer)
        try await withGateways(1, record) { gateways in
            var call = try Call(.get, "/", headers: ["authorization": "Bearer \(token.reveal())"])
            call.caller = try await gateways[0].authentication.caller(of: call)
            let client = StreamClient()
            let stream = try stream(gateways[0], after: 0, beat: .milliseconds(10), call: call)
            let writes = Recorder<Int>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await stream.write(to: CountingConnection(client: client.connection(), writes: writes))
                }
                for count in 1...5 {
                    record.logLines.write("m")
                    try await writes.wait(for: count, within: .seconds(20))
                }
                record.revokeAll()
                record.logLines.write("m")
                // It ends by itself.
                do { try await group.waitForAll() } catch let problem as Problem { #expect(problem.status == 401) }
            }
        }
    }

    @Test func `the end of the server ends its streams, and there are no new ones`() async throws {
        let record = MemoryRecord()
        let client = StreamClient()
        try await withThrowingTaskGroup(of: Void.self) { streams in
            var ended: Gateway?
            try await withGateways(1, record) { gateways in
                ended = gateways[0]
                let stream = try stream(gateways[0], after: 0)
                streams.addTask { try await stream.write(to: client.connection()) }
                try await eventually("the place") { client.lastID != nil }
            }
            try await streams.waitForAll()
            let gateway = try #require(ended)
            #expect(throws: Problem.self) { try gateway.logs.checkRoom() }
        }
    }

    @Test func `the last lines are kept for all streams, and the record has the others`() async throws {
        let record = MemoryRecord()
        let gateway = Fixture().gateway
        let logs = LogFollower(record, metrics: gateway.metrics, logger: gateway.logger)
        let start = record.logLines.write("before")
        let bell = Doorbell()
        let id = try logs.join(bell)
        try await logs.look()
        for _ in 0..<3000 { record.logLines.write("m") }
        try await logs.look()
        try await bell.wait()
        guard case .inRecord = logs.news(after: start) else {
            Issue.record("more than the last lines are kept")
            return
        }
        let last = record.logLines.lastLine()
        guard case .lines(let lines, let upTo) = logs.news(after: last - 30) else {
            Issue.record("the last lines are not kept")
            return
        }
        #expect(upTo == last && lines.count == 10 && lines.allSatisfy { $0.id > last - 30 })
        logs.leave(id)
        guard case .inRecord = logs.news(after: last) else {
            Issue.record("lines are kept for nobody")
            return
        }
    }
}

/// A connection that breaks once the last line came.
private struct EndingConnection: StreamWriter {
    var client: StreamClient.Connection

    mutating func write(_ text: String) throws {
        try client.write(text)
        if client.client.seen.last?.data == "end" { throw StreamClient.Gone() }
    }
}

private struct CountingConnection: StreamWriter {
    var client: StreamClient.Connection
    let writes: Recorder<Int>

    mutating func write(_ text: String) throws {
        try client.write(text)
        writes.record(1)
    }
}
