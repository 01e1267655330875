import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import Messaging
import ServiceKit

/// Why Git objects did not arrive.
package struct ObjectsError: Error, Retriable, CustomStringConvertible {
    package let reason: String
    package let isRetriable: Bool
    package var description: String { reason }

    package init(reason: String, isRetriable: Bool) {
        self.reason = reason
        self.isRetriable = isRetriable
    }
}

/// Fetches packs over the bus, see ``PackServer``.
package struct PackClient: Sendable {
    /// Chunks that are asked for at a time.
    private static let window = 8
    /// How long the first, second … attempt waits for an offer. A planner may have to fetch a large repository first,
    /// and it may die over it: asking again costs little, because the next answer builds on what was fetched.
    package static let offerTimeouts: [Duration] = [5, 10, 20, 40, 60].map { .seconds($0) }
    private static let chunkTimeout: Duration = .seconds(10)

    private let bus: any MessageBus
    private let subjects: SubjectScheme
    private let offerTimeouts: [Duration]

    package init(
        bus: any MessageBus, subjects: SubjectScheme, offerTimeouts: [Duration] = PackClient.offerTimeouts
    ) {
        self.bus = bus
        self.subjects = subjects
        self.offerTimeouts = offerTimeouts
    }

    /// The pack of `want` without what `have` brings, checked against its hash.
    package func fetch(_ address: TaskAddress, want: String, have: [String]) async throws -> Data {
        let offer = try await offer(address, ObjectsRequest(want: want, have: have))
        let pack = try await chunks(of: offer)
        guard ContentHash.sha256(pack) == offer.sha256 else {
            throw ObjectsError(reason: "objects arrived damaged", isRetriable: true)
        }
        return pack
    }

    private func offer(_ address: TaskAddress, _ request: ObjectsRequest) async throws -> PackOffer {
        let message = BusMessage(subject: subjects.subject(address, .objects), payload: try JSON.encode(request))
        let answer = try await answer(to: message)
        switch try? Reply(decoding: answer.payload) {
        case .ok(let fields)?:
            // Whoever may read requests can forge an answer: the next one may be right.
            guard let offer = PackOffer(fields), bus.isInbox(offer.chunksSubject) else {
                throw ObjectsError(reason: "the offer of objects makes no sense", isRetriable: true)
            }
            return offer
        case .error(_, let reason, _)?: throw ObjectsError(reason: reason.clipped(1000), isRetriable: true)
        case nil: throw ObjectsError(reason: "the answer to a request for objects makes no sense", isRetriable: true)
        }
    }

    private func answer(to message: BusMessage) async throws -> BusMessage {
        var lateness: BusError?
        for timeout in offerTimeouts {
            do {
                return try await bus.request(message, timeout: timeout)
            } catch let error as BusError where error.code == .timeout {
                lateness = error
            } catch let error as BusError {
                throw ObjectsError(reason: "no planner hands over objects: \(error)", isRetriable: true)
            }
        }
        throw ObjectsError(
            reason: "no planner hands over objects: \(lateness?.description ?? "")", isRetriable: true)
    }

    private func chunks(of offer: PackOffer) async throws -> Data {
        var pack = Data()
        // Chunks that came before one that precedes them.
        var early: [Int: Data] = [:]
        var appended = 0
        try await withThrowingTaskGroup(of: (Int, Data).self) { group in
            var next = 0
            func ask() {
                guard next < offer.chunks else { return }
                let index = next
                next += 1
                group.addTask { (index, try await chunk(index, of: offer)) }
            }
            for _ in 0..<Self.window { ask() }
            while let (index, bytes) = try await group.next() {
                guard bytes.count == offer.size(of: index) else {
                    throw ObjectsError(reason: "an offer of objects expired", isRetriable: true)
                }
                early[index] = bytes
                while let bytes = early.removeValue(forKey: appended) {
                    pack.append(bytes)
                    appended += 1
                    ask()
                }
            }
        }
        return pack
    }

    private func chunk(_ index: Int, of offer: PackOffer) async throws -> Data {
        let body: JSONValue = ["transfer": .string(offer.transfer), "chunk": .int(index)]
        let message = BusMessage(subject: offer.chunksSubject, payload: try body.data())
        var lastError: any Error = CancellationError()
        for _ in 0..<3 {
            try Task.checkCancellation()
            do { return try await bus.request(message, timeout: Self.chunkTimeout).payload } catch { lastError = error }
        }
        throw ObjectsError(reason: "a chunk of objects did not arrive: \(lastError)", isRetriable: true)
    }
}
