import Contracts
import Foundation
import Foundations
import Logging
import Messaging
import ServiceKit
import TestSupport
import Testing

@testable import GatewayService
@testable import TaskStore

/// Streams of events over a record whose transactions end in any order.
@Suite(.timeLimit(.minutes(1))) struct StreamTests {
    /// Gateways over a common record: any of them goes on with any stream.
    private func withGateways(
        _ count: Int, _ record: MemoryRecord, _ body: ([Gateway], InMemoryBus) async throws -> Void
    ) async throws {
        let bus = InMemoryBus()
        let gateways = (0..<count).map { _ in
            var gateway = Fixture().gateway
            gateway.record = record
            gateway.follower = EventFollower(
                record, bus, subjects: SubjectScheme(), metrics: gateway.metrics, logger: gateway.logger)
            return gateway
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for gateway in gateways { group.addTask { try await gateway.follower.run() } }
            try await body(gateways, bus)
            group.cancelAll()
        }
    }

    private func tell(_ bus: InMemoryBus) async throws {
        try await bus.send(
            BusMessage(subject: SubjectScheme().subject(MemoryRecord.address, .planCreated), payload: Data()))
    }

    /// Emits many events of a few tasks by transactions that overlap.
    private func emit(_ log: MemoryLog, _ bus: InMemoryBus, rounds: Int) async throws {
        for round in 0..<rounds {
            let transactions = (0..<3).map { _ in log.begin() }
            for (number, transaction) in transactions.enumerated().shuffled() {
                for _ in 0...Int.random(in: 0...2) { log.write(MemoryLog.address("task-\(number)"), in: transaction) }
            }
            for transaction in transactions.shuffled() {
                log.commit(transaction)
                if Bool.random() { try await tell(bus) }
            }
            if round.isMultiple(of: 10) { await Task.yield() }
        }
        // After it nothing comes.
        log.emit(MemoryLog.address("end"))
        try await tell(bus)
    }

    private func seqs(_ client: StreamClient, of task: String) throws -> [Int] {
        try client.seen.filter { $0.name == "message" }.map { try JSONValue(parsing: $0.data) }
            .filter { $0["task_id"]?.stringValue == task }.compactMap { $0["seq"]?.intValue }
    }

    @Test func `a stream of many tasks that is cut 100 times misses no event and brings none twice`() async throws {
        let record = MemoryRecord()
        try await withGateways(2, record) { gateways, bus in
            let client = StreamClient()
            let start = try record.eventCursor().text
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await emit(record.log, bus, rounds: 300) }
                group.addTask {
                    var cuts = 0
                    while try !Task.isCancelled && seqs(client, of: "end").isEmpty {
                        let cursor = try #require(EventCursor(client.lastID ?? start))
                        let gateway = gateways[cuts % 2]
                        let call = try Call(.get, "/api/v1/events")
                        let stream = EventStream(
                            gateway, call, .company(CompanyID(validated: "acme")),
                            ManyPlace(.company(CompanyID(validated: "acme")), cursor), beat: .milliseconds(20))
                        let length = cuts < 100 ? Int.random(in: 0...2000) : nil
                        let connection = EndingConnection(client: client.connection(breaksAfter: length), ended: "end")
                        _ = try? await stream.write(to: connection)
                        client.disconnect()
                        cuts += 1
                    }
                    #expect(cuts > 20)
                }
                try await group.waitForAll()
            }
            for task in ["task-0", "task-1", "task-2"] {
                let seqs = try seqs(client, of: task)
                #expect(seqs == Array(1...max(1, seqs.count)), "\(task)")
                #expect(seqs.count >= 300)
            }
        }
    }

    @Test func `a stream of a task begins with its first event and goes on with what happens`() async throws {
        let record = MemoryRecord()
        try await withGateways(1, record) { gateways, bus in
            let client = StreamClient()
            let call = try Call(.get, "/")
            let place = TaskPlace(MemoryRecord.address, workflowID: "w-fix", seq: 0)
            let stream = EventStream(gateways[0], call, .task(MemoryRecord.address), place)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await stream.write(to: client.connection()) }
                try await eventually("what was there") { client.seen.count == 3 }
                record.log.emit(MemoryLog.address("other"))
                record.log.emit(MemoryRecord.address)
                try await tell(bus)
                try await eventually("what happened") { client.seen.count == 4 }
                stream.end()
                try await group.waitForAll()
            }
            #expect(client.seen.map(\.id) == ["1", "2", "3", "4"])
            #expect(try seqs(client, of: "fix") == [1, 2, 3, 4])
        }
    }

    @Test func `what the bus does not tell of is seen all the same`() async throws {
        let record = MemoryRecord()
        try await withGateways(1, record) { gateways, _ in
            let client = StreamClient()
            let place = ManyPlace(.platform, try record.eventCursor())
            let stream = EventStream(gateways[0], try Call(.get, "/"), .platform, place)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await stream.write(to: client.connection()) }
                try await eventually("the place") { client.lastID != nil }
                record.log.emit(MemoryRecord.address)
                try await eventually("the event") { client.seen.count == 1 }
                stream.end()
                try await group.waitForAll()
            }
        }
    }

    @Test func `a client hears at times, and one whose token is revoked no more`() async throws {
        let record = MemoryRecord()
        let token = record.token(.viewer)
        try await withGateways(1, record) { gateways, _ in
            var call = try Call(.get, "/", headers: ["authorization": "Bearer \(token.reveal())"])
            call.caller = try await gateways[0].authentication.caller(of: call)
            let client = StreamClient()
            let place = ManyPlace(.platform, try record.eventCursor())
            let stream = EventStream(gateways[0], call, .platform, place, beat: .milliseconds(10))
            let beats = Recorder<Int>()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await stream.write(to: CountingConnection(client: client.connection(), beats: beats))
                }
                try await beats.wait(for: 5, within: .seconds(20))
                record.revokeAll()
                // It ends by itself.
                do { try await group.waitForAll() } catch let problem as Problem { #expect(problem.status == 401) }
            }
        }
    }

    @Test func `the end of the server ends its streams`() async throws {
        let record = MemoryRecord()
        let client = StreamClient()
        try await withThrowingTaskGroup(of: Void.self) { streams in
            try await withGateways(1, record) { gateways, _ in
                let stream = EventStream(
                    gateways[0], try Call(.get, "/"), .platform, ManyPlace(.platform, try record.eventCursor()))
                streams.addTask { try await stream.write(to: client.connection()) }
                try await eventually("the place") { client.lastID != nil }
            }
            try await streams.waitForAll()
        }
    }

    @Test func `a place of another database is told to load anew`() async throws {
        let record = MemoryRecord()
        var place = ManyPlace(.platform, try #require(EventCursor("1/5:9:5")))
        let lost = LostRecord(log: record.log)
        let (text, isLast) = try await place.next(from: lost)
        #expect(isLast && text.hasPrefix("event: reset\n"))
        #expect(place.id == (try record.eventCursor().text))
    }

    @Test func `who is too slow is told to read what was missed, and keeps little meanwhile`() async throws {
        let mailbox = Mailbox(.platform)
        let log = MemoryLog()
        let start = try log.eventCursor()
        for _ in 0..<200 { log.emit(MemoryRecord.address) }
        let batch = try #require(try log.events(after: start, in: .platform, limit: 500))
        mailbox.put(batch)
        guard case .batches(let batches) = try await mailbox.take(waitingAtMost: .zero) else {
            Issue.record("nothing was there")
            return
        }
        #expect(batches.map(\.messages.count) == [200])
        mailbox.put(batch)
        mailbox.put(batch)
        mailbox.put(batch)
        guard case .missed = try await mailbox.take(waitingAtMost: .zero) else {
            Issue.record("nothing was missed")
            return
        }
        mailbox.end()
        guard case .ended = try await mailbox.take(waitingAtMost: .seconds(60)) else {
            Issue.record("it did not end")
            return
        }
    }
}

/// A record that has forgotten what is behind any cursor.
private struct LostRecord: FollowedRecord {
    let log: MemoryLog

    func eventCursor() throws -> EventCursor { try log.eventCursor() }
    func events(after cursor: EventCursor, in scope: QueryScope, limit: Int) -> EventBatch? { nil }
    func events(
        of address: TaskAddress, after seq: Int, limit: Int
    ) -> (workflowID: String, events: [(seq: Int, event: JSONValue)])? { nil }
}

/// A connection that breaks once the event of a task came.
private struct EndingConnection: StreamWriter {
    var client: StreamClient.Connection
    let ended: String

    mutating func write(_ text: String) throws {
        try client.write(text)
        if client.client.seen.last?.data.contains("\"\(ended)\"") == true { throw StreamClient.Gone() }
    }
}

private struct CountingConnection: StreamWriter {
    var client: StreamClient.Connection
    let beats: Recorder<Int>

    mutating func write(_ text: String) throws {
        try client.write(text)
        beats.record(1)
    }
}
