import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import Logging
import Messaging
import ServiceKit
import ServiceLifecycle
import Synchronization

/// Finds the pack of a commit for a task, or throws.
package protocol PackSource: Sendable {
    func pack(for address: TaskAddress, want: String, have: [String]) async throws -> Data
}

/// Answers `…objects`: offers a pack, then serves its chunks to whoever asks for them by number.
///
/// The asker sets the pace, so nothing piles up on the bus. A pack is kept until it was not asked for a minute.
package struct PackServer: Service {
    /// Bytes of one chunk; well under the largest message of a default nats-server (1 MiB).
    package static let chunkBytes = 256 << 10
    /// The most commits that an asker can say it has: more change nothing.
    private static let maximumHave = 1000
    /// The most bytes of packs that are kept at a time, the newest aside.
    private static let maximumKeptBytes = 1 << 30

    private struct Offer {
        let pack: Data
        var usedAt: ContinuousClock.Instant
    }

    private let bus: any MessageBus
    private let subjects: SubjectScheme
    private let source: any PackSource
    private let logger: Logger
    private let chunkSubject: String
    private let offers = OfferTable()

    private final class OfferTable: Sendable {
        let table = Mutex<[String: Offer]>([:])
    }

    package init(bus: any MessageBus, subjects: SubjectScheme, source: any PackSource, logger: Logger) {
        self.bus = bus
        self.subjects = subjects
        self.source = source
        self.logger = logger
        chunkSubject = bus.newInbox()
    }

    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingDiscardingTaskGroup { group in
                group.addTask { try await serve(subjects.filter(.objects), queueGroup: "planner", answerOffer) }
                group.addTask { try await serve(chunkSubject, queueGroup: nil, answerChunk) }
            }
        }
    }

    private func serve(
        _ subject: String, queueGroup: String?, _ answer: @escaping @Sendable (BusMessage) async -> BusMessage?
    ) async throws {
        let requests = try await bus.subscribe(subject, queueGroup: queueGroup)
        await withDiscardingTaskGroup { group in
            for await request in requests {
                group.addTask {
                    guard let reply = await answer(request) else { return }
                    try? await bus.send(reply)
                }
            }
        }
    }

    private func answerOffer(_ request: BusMessage) async -> BusMessage? {
        guard let reply = request.reply, bus.isInbox(reply) else { return nil }
        do {
            guard let (address, _) = subjects.parse(request.subject) else { return nil }
            let wanted = try JSON.decode(ObjectsRequest.self, from: request.payload)
            guard wanted.have.count <= Self.maximumHave else {
                throw ObjectsError(reason: "more than \(Self.maximumHave) commits in have", isRetriable: false)
            }
            let pack = try await source.pack(for: address, want: wanted.want, have: wanted.have)
            guard pack.count <= PackOffer.maximumBytes else {
                throw ObjectsError(reason: "the repository is too large to be handed over", isRetriable: false)
            }
            let id = UUID.v7().text
            keep(pack, id)
            let offer: [String: JSONValue] = [
                "transfer": .string(id), "chunks_subject": .string(chunkSubject), "bytes": .int(pack.count),
                "chunk_bytes": .int(Self.chunkBytes), "sha256": .string(ContentHash.sha256(pack)),
            ]
            return BusMessage(subject: reply, payload: try Reply.ok(offer).json.data())
        } catch {
            logger.warning("objects cannot be handed over", metadata: ["error": "\(error)"])
            let refusal = Reply.error(code: "objects_unavailable", message: "\(error)")
            return (try? refusal.json.data()).map { BusMessage(subject: reply, payload: $0) }
        }
    }

    private func keep(_ pack: Data, _ id: String) {
        let now = ContinuousClock.now
        offers.table.withLock { table in
            table = table.filter { now - $0.value.usedAt < .seconds(60) }
            var bytes = table.values.reduce(0) { $0 + $1.pack.count }
            while bytes > Self.maximumKeptBytes, let oldest = table.min(by: { $0.value.usedAt < $1.value.usedAt }) {
                bytes -= oldest.value.pack.count
                table[oldest.key] = nil
            }
            table[id] = Offer(pack: pack, usedAt: now)
        }
    }

    /// A chunk's payload is its raw bytes; an empty answer means that the offer is gone.
    private func answerChunk(_ request: BusMessage) async -> BusMessage? {
        guard let reply = request.reply, bus.isInbox(reply) else { return nil }
        let json = try? JSONValue(parsing: request.payload)
        guard let id = json?["transfer"]?.stringValue, let index = json?["chunk"]?.intValue, index >= 0 else {
            return nil
        }
        let chunk = offers.table.withLock { table -> Data in
            guard let pack = table[id]?.pack else { return Data() }
            table[id]?.usedAt = .now
            // Anybody on the bus can name a number.
            guard index <= pack.count / Self.chunkBytes else { return Data() }
            let start = index * Self.chunkBytes
            let end = min(pack.count, start + Self.chunkBytes)
            return pack.subdata(in: pack.startIndex + start..<pack.startIndex + end)
        }
        return BusMessage(subject: reply, payload: chunk)
    }
}
