import Contracts
import Cryptography
import Foundation
import Foundations
import Logging
import Messaging
import TestSupport
import Testing

@testable import ServiceKit
@testable import Workspaces

@Suite(.timeLimit(.minutes(Fuzzer.factor))) struct PackTransferTests {
    private struct Source: PackSource {
        let packs: [String: Data]

        func pack(for address: TaskAddress, want: String, have: [String]) async throws -> Data {
            guard let pack = packs[want] else { throw ObjectsError(reason: "no such commit", isRetriable: false) }
            return pack
        }
    }

    private let bus = InMemoryBus()

    /// Runs `body` while a planner serves `packs`.
    private func serving<T: Sendable>(
        _ packs: [String: Data], _ body: @escaping @Sendable (PackClient) async throws -> T
    ) async throws -> T {
        let server = PackServer(
            bus: bus, subjects: SubjectScheme(), source: Source(packs: packs), logger: Logger(label: "tests"))
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            return try await body(PackClient(bus: bus, subjects: SubjectScheme()))
        }
    }

    private func address() throws -> TaskAddress {
        TaskAddress(
            company: try #require(CompanyID("acme")), project: try #require(ProjectID("shop")),
            task: try #require(TaskID("t-1")))
    }

    /// Asks until the server has subscribed.
    private func fetch(_ client: PackClient, _ want: String) async throws -> Data {
        while true {
            do { return try await client.fetch(try address(), want: want, have: []) } catch let error as ObjectsError
                where error.reason.hasPrefix("no planner")
            { await Task.yield() }
        }
    }

    @Test(arguments: [0, 1, PackServer.chunkBytes, 3 * PackServer.chunkBytes + 17])
    func `a pack of any size arrives as it was`(_ size: Int) async throws {
        let pack = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let arrived = try await serving(["abc": pack]) { try await fetch($0, "abc") }
        #expect(arrived == pack)
    }

    @Test func `a chunk that no pack has is empty, whatever number is asked for`() async throws {
        let subject = SubjectScheme().subject(try address(), .objects)
        let ask = try JSON.encode(ObjectsRequest(want: "abc", have: []))
        let chunks = try await serving(["abc": Data("pack".utf8)]) { client in
            _ = try await fetch(client, "abc")
            let answer = try await bus.request(BusMessage(subject: subject, payload: ask), timeout: .seconds(5))
            let offer = try JSONValue(parsing: answer.payload)
            var chunks: [Data] = []
            for number in [0, 1, Int.max / PackServer.chunkBytes, Int.max] {
                let body: JSONValue = ["transfer": offer["transfer"] ?? .null, "chunk": .int(number)]
                let request = BusMessage(
                    subject: offer["chunks_subject"]?.stringValue ?? "", payload: try body.data())
                chunks.append(try await bus.request(request, timeout: .seconds(5)).payload)
            }
            return chunks
        }
        #expect(chunks == [Data("pack".utf8), Data(), Data(), Data()])
    }

    /// What an offer of `pack` may not say, by field.
    private static let forgeries: [(String, JSONValue)] = [
        ("bytes", 9_223_372_036_854_775_807), ("bytes", -1), ("bytes", 1e300),
        ("bytes", .int(PackOffer.maximumBytes + 1)),
        ("bytes", "4"), ("bytes", nil), ("chunk_bytes", 0), ("chunk_bytes", -1),
        ("chunk_bytes", 9_223_372_036_854_775_807),
        ("chunk_bytes", 0.5), ("sha256", 7), ("sha256", ""), ("transfer", nil),
        ("transfer", .string(String(repeating: "t", count: 65))),
        ("chunks_subject", "automata.workflows.acme.shop.t-1.control"),
        ("chunks_subject", "$JS.API.STREAM.PURGE.AUTOMATA"),
        ("chunks_subject", "_INBOX.>"), ("chunks_subject", "_INBOX"), ("chunks_subject", ""), ("chunks_subject", 5),
        ("chunks_subject", "_INBOX.a b"), ("chunks_subject", nil),
    ]

    @Test func `a forged offer is an error that may pass, and makes the asker publish nothing elsewhere`() async throws
    {
        let address = try address()
        let requests = SubjectScheme().subject(address, .objects)
        let inbox = bus.newInbox()
        let everything = try await bus.subscribe(">", queueGroup: nil)
        let asked = try await bus.subscribe(requests, queueGroup: nil)
        let chunks = try await bus.subscribe(inbox, queueGroup: nil)
        let good: JSONValue = [
            "ok": true, "transfer": "t", "chunks_subject": .string(inbox), "bytes": 4, "chunk_bytes": 4,
            "sha256": .string(ContentHash.sha256(Data("pack".utf8))),
        ]
        var answers = Self.forgeries.map { field, value -> Data in
            var offer = good.objectValue ?? [:]
            offer[field] = value
            return (try? JSONValue.object(offer).data()) ?? Data()
        }
        answers += [Data("nonsense".utf8), Data(), Data("{\"ok\":false}".utf8), Data("[]".utf8)]
        let client = PackClient(bus: bus, subjects: SubjectScheme(), offerTimeouts: [.seconds(10)])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await request in chunks {
                    try await bus.send(BusMessage(subject: request.reply ?? "", payload: Data("pack".utf8)))
                }
            }
            var questions = asked.makeAsyncIterator()
            for (number, answer) in (answers + [try good.data()]).enumerated() {
                async let fetched = client.fetch(address, want: "abc", have: [])
                let question = try #require(await questions.next())
                try await bus.send(BusMessage(subject: question.reply ?? "", payload: answer))
                guard number < answers.count else {
                    #expect(try await fetched == Data("pack".utf8))
                    continue
                }
                do {
                    _ = try await fetched
                    Issue.record("taken: \(String(decoding: answer, as: UTF8.self))")
                } catch let error as ObjectsError { #expect(error.isRetriable) }
            }
            group.cancelAll()
        }
        try await bus.send(BusMessage(subject: "end"))
        for await message in everything {
            if message.subject == "end" { break }
            #expect(message.subject == requests || message.subject.hasPrefix("_INBOX."))
        }
    }

    @Test func `a broken offer is none, or one of chunks that fit its size`() throws {
        let good: JSONValue = [
            "transfer": "t", "chunks_subject": "_INBOX.a", "bytes": 70_000, "chunk_bytes": 4096, "sha256": "s",
        ]
        var fuzzer = Fuzzer(seed: 4)
        for _ in 0..<1000 * Fuzzer.factor {
            let variant = try? JSONValue(parsing: fuzzer.variant(of: try good.data()))
            guard let offer = variant?.objectValue.flatMap({ PackOffer($0) }), offer.chunks > 0 else { continue }
            let last = offer.size(of: offer.chunks - 1)
            #expect((1...offer.chunkBytes).contains(last))
            #expect((offer.chunks - 1) * offer.chunkBytes + last == offer.bytes)
        }
    }

    @Test func `whatever is sent to a planner, it goes on, and answers inboxes alone`() async throws {
        let subject = SubjectScheme().subject(try address(), .objects)
        let ask = try JSON.encode(ObjectsRequest(want: "abc", have: []))
        let elsewhere = try await bus.subscribe("automata.workflows.acme.shop.t-1.control", queueGroup: nil)
        try await serving(["abc": Data("pack".utf8)]) { client in
            _ = try await fetch(client, "abc")
            var fuzzer = Fuzzer(seed: 3)
            for _ in 0..<500 * Fuzzer.factor {
                let message = BusMessage(subject: subject, payload: fuzzer.variant(of: ask))
                _ = try await bus.request(message, timeout: .seconds(5))
            }
            let many = ObjectsRequest(want: "abc", have: Array(repeating: "abc", count: 1001))
            let refusal = try await bus.request(
                BusMessage(subject: subject, payload: try JSON.encode(many)), timeout: .seconds(5))
            #expect(try JSONValue(parsing: refusal.payload)["ok"] == false)
            try await bus.send(
                BusMessage(subject: subject, payload: ask, reply: "automata.workflows.acme.shop.t-1.control"))
            #expect(try await client.fetch(try address(), want: "abc", have: []) == Data("pack".utf8))
        }
        try await bus.send(BusMessage(subject: "automata.workflows.acme.shop.t-1.control", payload: Data("end".utf8)))
        for await message in elsewhere {
            #expect(message.payload == Data("end".utf8))
            break
        }
    }

    @Test func `a commit that the planner does not have is refused with its reason`() async throws {
        await #expect(throws: ObjectsError.self) {
            _ = try await serving([:]) { try await fetch($0, "abc") }
        }
    }

    @Test func `where a planner dies with a request another one is asked`() async throws {
        let pack = Data("pack".utf8)
        let requests = try await bus.subscribe(SubjectScheme().filter(.objects), queueGroup: "planner")
        let server = PackServer(
            bus: bus, subjects: SubjectScheme(), source: Source(packs: ["abc": pack]), logger: Logger(label: "tests"))
        let client = PackClient(bus: bus, subjects: SubjectScheme(), offerTimeouts: [.seconds(1), .seconds(10)])
        let address = try address()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in requests { break }
                requests.cancel()
                try await server.run()
            }
            defer { group.cancelAll() }
            let arrived = try await client.fetch(address, want: "abc", have: [])
            #expect(arrived == pack)
        }
    }

    @Test func `without a planner the fetch fails and may be tried again`() async throws {
        let error = await #expect(throws: ObjectsError.self) {
            _ = try await PackClient(bus: bus, subjects: SubjectScheme()).fetch(try address(), want: "abc", have: [])
        }
        #expect(error?.isRetriable == true)
    }
}
