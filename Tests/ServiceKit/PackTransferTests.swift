import Contracts
import Foundation
import Foundations
import Logging
import Messaging
import Testing

@testable import ServiceKit
@testable import StageKit

@Suite(.timeLimit(.minutes(1))) struct PackTransferTests {
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
