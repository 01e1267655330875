import Contracts
import Database
import Foundation
import Foundations
import Testing

@testable import TaskStore

@Suite(.timeLimit(.minutes(5)))
struct EventOrderTests {
    @Test func `seq has no gap while the owner emits and others control`() async throws {
        try await withStore(connections: 8) { fixture in
            let address = try address("t1")
            let run = try await fixture.reach(.implementation)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        for _ in 0..<10 {
                            let draft = EventDraft(type: .implementationStep, message: "m", details: [:])
                            _ = try await fixture.store.emit(run.claim, [draft, draft])
                        }
                    }
                    group.addTask {
                        for turn in 0..<10 {
                            _ = try await fixture.store.control(address, turn.isMultiple(of: 2) ? .pause : .resume)
                            _ = try await fixture.store.control(address, .steer(message: "\(turn)"))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await fixture.events(run.key.workflowID).count == 81)
            #expect(try await fixture.record(run.key.workflowID).lastSeq == 81)
        }
    }

    @Test func `each call returns the whole unpublished prefix in order`() async throws {
        try await withStore { fixture in
            let run = try await fixture.reach(.implementation)
            let draft = EventDraft(type: .implementationStep, message: "m", details: [:])
            let first = try await fixture.store.emit(run.claim, [draft])
            // workflow_started, plan_requested, implementation_requested, implementation_step
            #expect(first.map(\.seq) == [1, nil, nil, 2])
            try await fixture.store.markPublished([
                PublishedMessage(id: first[0].id, streamSequence: 1),
                PublishedMessage(id: first[1].id, streamSequence: 2),
            ])
            let second = try await fixture.store.emit(run.claim, [draft, draft])
            #expect(second.map(\.seq) == [nil, 2, 3, 4])
            #expect(second.map(\.id) == second.map(\.id).sorted())
            try await fixture.store.markPublished(
                second.enumerated().map { PublishedMessage(id: $1.id, streamSequence: UInt64(10 + $0)) })
            #expect(try await fixture.store.emit(run.claim, []).isEmpty)
        }
    }

    @Test func `concurrent transactions of a workflow never leave a hole before what they return`() async throws {
        try await withStore(connections: 8) { fixture in
            let run = try await fixture.reach(.implementation)
            let draft = EventDraft(type: .implementationStep, message: "m", details: [:])
            let returned = try await withThrowingTaskGroup(of: [OutboxMessage].self) { group in
                for _ in 0..<30 { group.addTask { try await fixture.store.emit(run.claim, [draft]) } }
                return try await group.reduce(into: [[OutboxMessage]]()) { $0.append($1) }
            }
            let all = returned.max { $0.count < $1.count } ?? []
            #expect(returned.allSatisfy { all.starts(with: $0) })
        }
    }

    @Test func `the relay sees what nobody published, each workflow in order`() async throws {
        try await withStore { fixture in
            let first = try await fixture.submit("t1")
            let second = try await fixture.submit("t2")
            let all = try await fixture.store.unpublished(olderThan: .zero)
            #expect(all.map(\.workflowID) == [first, first, second, second])
            #expect(try await fixture.store.unpublished(olderThan: .zero, limit: 3).count == 3)
            #expect(try await fixture.store.unpublished(olderThan: .seconds(60)).isEmpty)
            try await fixture.store.markPublished(
                all.enumerated().map { PublishedMessage(id: $1.id, streamSequence: UInt64($0 + 1)) })
            #expect(try await fixture.store.unpublished(olderThan: .zero).isEmpty)
            #expect(try await fixture.store.pruneOutbox(before: Date() + 60) == 4)
        }
    }

    @Test func `what a broker lost is published again`() async throws {
        try await withStore { fixture in
            for task in 1...5 { try await fixture.submit("t\(task)") }
            let all = try await fixture.store.unpublished(olderThan: .zero)
            try await fixture.store.markPublished(
                all.enumerated().map { PublishedMessage(id: $1.id, streamSequence: UInt64($0 + 1)) })
            #expect(
                try await fixture.store.brokerState(of: "S") == BrokerState(streamCreatedAt: nil, highestSequence: 10))
            let created = Date(timeIntervalSince1970: 1_800_000_000)
            try await fixture.store.recordBroker(stream: "S", createdAt: created)
            try await fixture.store.recordBroker(stream: "S", createdAt: created + 1)
            #expect(try await fixture.store.brokerState(of: "S").streamCreatedAt == created + 1)
            // The broker came back with 4 messages.
            #expect(try await fixture.store.resetPublished(after: 4, before: Date() - 3600) == 0)
            #expect(try await fixture.store.resetPublished(after: 4, before: Date() + 60, limit: 4) == 4)
            #expect(try await fixture.store.brokerState(of: "S").highestSequence == 10)
            #expect(try await fixture.store.resetPublished(after: 4, before: Date() + 60, limit: 4) == 2)
            let lost = try await fixture.store.unpublished(olderThan: .zero)
            #expect(lost.map(\.id) == all.dropFirst(4).map(\.id))
            // Nothing that the stream holds may speak for them.
            #expect(zip(lost, all.dropFirst(4)).allSatisfy { $0.createdAt > $1.createdAt })
        }
    }

    @Test func `where an older store was put back, all that came after it is published again`() async throws {
        try await withStore { fixture in
            for task in 1...3 { try await fixture.submit("t\(task)") }
            let all = try await fixture.store.unpublished(olderThan: .zero)
            try await fixture.store.markPublished(
                all.dropLast().enumerated().map { PublishedMessage(id: $1.id, streamSequence: UInt64($0 + 1)) })
            // The broker kept two and gives the third place to another message.
            let last = try #require(all.last)
            try await fixture.store.markPublished([PublishedMessage(id: last.id, streamSequence: 3)])
            #expect(try await fixture.store.unpublished(olderThan: .zero).map(\.id) == all[2..<5].map(\.id))
        }
    }

    @Test func `a message whose place is somebody else's is published again`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let all = try await fixture.store.unpublished(olderThan: .zero)
            try await fixture.store.markPublished(
                all.enumerated().map { PublishedMessage(id: $1.id, streamSequence: UInt64($0 + 1)) })
            try await fixture.store.displace(sequence: UInt64(all.count + 1))
            #expect(try await fixture.store.unpublished(olderThan: .zero).isEmpty)
            try await fixture.store.displace(sequence: 1)
            #expect(try await fixture.store.unpublished(olderThan: .zero).map(\.id) == [all[0].id])
        }
    }

    @Test func `a message whose place is unknown counts as published until the stream is lost`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let all = try await fixture.store.unpublished(olderThan: .zero)
            try await fixture.store.markPublished(all.map { PublishedMessage(id: $0.id, streamSequence: nil) })
            #expect(try await fixture.store.unpublished(olderThan: .zero).isEmpty)
            #expect(try await fixture.store.brokerState(of: "S").highestSequence == 0)
            #expect(try await fixture.store.resetPublished(after: 0, before: Date() + 60) == all.count)
            #expect(try await fixture.store.unpublished(olderThan: .zero).count == all.count)
        }
    }

    @Test func `the anchor is the last message whose place was noted some time ago`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let all = try await fixture.store.unpublished(olderThan: .zero)
            #expect(try await fixture.store.streamAnchor(olderThan: .zero) == nil)
            try await fixture.store.markPublished(
                all.enumerated().map { PublishedMessage(id: $1.id, streamSequence: UInt64($0 * 10 + 5)) })
            #expect(
                try await fixture.store.streamAnchor(olderThan: .zero)
                    == StreamAnchor(sequence: 15, eventID: all[1].eventID))
            #expect(try await fixture.store.streamAnchor(atMost: 14, olderThan: .zero)?.sequence == 5)
            #expect(try await fixture.store.streamAnchor(atMost: 4, olderThan: .zero) == nil)
            #expect(try await fixture.store.streamAnchor(olderThan: .seconds(60)) == nil)
        }
    }

    @Test func `a sequence that is given twice proves that the first message was lost`() async throws {
        try await withStore { fixture in
            try await fixture.submit("t1")
            let all = try await fixture.store.unpublished(olderThan: .zero)
            try await fixture.store.markPublished([PublishedMessage(id: all[0].id, streamSequence: 7)])
            try await fixture.store.markPublished([PublishedMessage(id: all[0].id, streamSequence: 7)])
            try await fixture.store.markPublished([PublishedMessage(id: all[1].id, streamSequence: 7)])
            #expect(try await fixture.store.unpublished(olderThan: .zero).map(\.id) == [all[0].id])
        }
    }
}
