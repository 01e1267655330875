import Contracts
import Foundation
import Foundations
import Messaging
import ServiceKit
import Synchronization

@testable import NotifierService
@testable import TaskStore

/// The outbox of the record in memory, and what is known of the stream that it is published to.
final class MemoryOutbox: LeftOverMessages, PublishedMessages, AuditedSubmissions, Sendable {
    struct Message {
        let row: OutboxMessage
        var sequence: UInt64?
        var publishedAt: Date?
    }

    struct State {
        var messages: [Message] = []
        var streamCreatedAt: Date?
        var checked: UInt64?
        /// The tasks that were recorded or refused.
        var known: Set<TaskAddress> = []
    }

    let state = Mutex(State())

    /// The messages that are to be published, by their ids.
    var waiting: [Int64] { state.withLock { $0.messages.filter { $0.publishedAt == nil }.map(\.row.id) } }

    /// Writes a message on a subject, some time ago.
    @discardableResult
    func write(_ subject: String, age: Duration = .seconds(60)) -> OutboxMessage {
        state.withLock { state in
            let row = OutboxMessage(
                id: Int64(state.messages.count + 1), eventID: .v7(), workflowID: nil, seq: nil, subject: subject,
                headers: [:], payload: Data("{}".utf8), createdAt: Date() - age.seconds)
            state.messages.append(Message(row: row))
            return row
        }
    }

    /// Publishes what waits, and notes its places as of a minute ago: long enough for them to be relied upon.
    func publish(on bus: any MessageBus) async throws {
        for message in state.withLock({ $0.messages }) where message.publishedAt == nil {
            let receipt = try await bus.publish(
                BusMessage(subject: message.row.subject, payload: message.row.payload),
                messageID: message.row.eventID.text)
            state.withLock { state in
                guard let index = state.messages.firstIndex(where: { $0.row.id == message.row.id }) else { return }
                state.messages[index].sequence = receipt.sequence
                state.messages[index].publishedAt = Date() - 60
            }
        }
    }

    func unpublished(olderThan age: Duration, limit: Int) async throws -> [OutboxMessage] {
        state.withLock { state in
            let left = state.messages.filter { $0.publishedAt == nil && $0.row.createdAt < Date() - age.seconds }
            return left.prefix(limit).map(\.row)
        }
    }

    func brokerState(of stream: String) async throws -> BrokerState {
        state.withLock { state in
            BrokerState(
                streamCreatedAt: state.streamCreatedAt,
                highestSequence: Int64(state.messages.compactMap(\.sequence).max() ?? 0))
        }
    }

    func recordBroker(stream: String, createdAt: Date) async throws {
        state.withLock { state in
            state.streamCreatedAt = createdAt
            state.checked = 0
        }
    }

    func streamAnchor(atMost sequence: UInt64, olderThan age: Duration) async throws -> StreamAnchor? {
        state.withLock { state in
            state.messages.filter { message in
                guard let place = message.sequence, let time = message.publishedAt else { return false }
                return place <= sequence && time < Date() - age.seconds
            }.compactMap { message in
                message.sequence.map { StreamAnchor(sequence: $0, eventID: message.row.eventID) }
            }.max { $0.sequence < $1.sequence }
        }
    }

    func resetPublished(after sequence: UInt64, before time: Date, limit: Int) async throws -> Int {
        state.withLock { state in
            let lost = state.messages.indices.filter { index in
                let message = state.messages[index]
                return message.publishedAt.map { $0 < time } == true && (message.sequence ?? .max) > sequence
            }.prefix(limit)
            for index in lost {
                state.messages[index].sequence = nil
                state.messages[index].publishedAt = nil
            }
            return lost.count
        }
    }

    func recheckSubmissions(in stream: String, after sequence: UInt64) async throws {
        state.withLock { $0.checked = $0.checked.map { min($0, sequence) } }
    }

    func submissionsChecked(in stream: String) async throws -> UInt64? { state.withLock { $0.checked } }

    func moveSubmissionsChecked(in stream: String, from old: UInt64, to new: UInt64) async throws {
        state.withLock { if $0.checked == old { $0.checked = new } }
    }

    func knows(_ address: TaskAddress) async throws -> Bool { state.withLock { $0.known.contains(address) } }
}
