import Foundations
import TestSupport
import Testing

@Suite("Deadlines", .timeLimit(.minutes(1))) struct DeadlinesTests {
    private struct Refused: Error {}

    @Test func `actions run in the order of their times, however they were set`() async throws {
        let deadlines = Deadlines(label: "test")
        let ran = Recorder<Int>()
        for number in [40, 10, 30, 20] {
            _ = deadlines.schedule(after: .milliseconds(2 * number)) { ran.record(number) }
        }
        #expect(try await ran.wait(for: 4) == [10, 20, 30, 40])
    }

    @Test func `what is cancelled does not run and is freed at once`() async throws {
        let deadlines = Deadlines(label: "test")
        let ran = Recorder<String>()
        weak var held: Recorder<String>?
        do {
            let own = Recorder<String>()
            held = own
            let token = deadlines.schedule(after: .milliseconds(20)) { own.record("cancelled") }
            deadlines.cancel(token)
            deadlines.cancel(token)
        }
        #expect(held == nil)
        _ = deadlines.schedule(after: .milliseconds(40)) { ran.record("later") }
        #expect(try await ran.wait(for: 1) == ["later"])
    }

    @Test func `an earlier deadline need not wait for a later one that was set first`() async throws {
        let deadlines = Deadlines(label: "test")
        let ran = Recorder<Int>()
        let late = deadlines.schedule(after: .seconds(600)) { ran.record(2) }
        _ = deadlines.schedule(after: .milliseconds(1)) { ran.record(1) }
        #expect(try await ran.wait(for: 1) == [1])
        deadlines.cancel(late)
    }

    @Test func `of many, most of them cancelled, the others run once each`() async throws {
        let deadlines = Deadlines(label: "test")
        let ran = Recorder<Int>()
        for number in 0..<20_000 {
            let token = deadlines.schedule(after: .milliseconds(100 + number % 50)) { ran.record(number) }
            if !number.isMultiple(of: 100) { deadlines.cancel(token) }
        }
        let all = try await ran.wait(for: 200)
        #expect(Set(all) == Set(stride(from: 0, to: 20_000, by: 100)))
        #expect(all.count == 200)
    }

    @Test func `who cancels learns whether the action was still to run`() async throws {
        let deadlines = Deadlines(label: "test")
        let ran = Recorder<Int>()
        let early = deadlines.schedule(after: .zero) { ran.record(1) }
        let late = deadlines.schedule(after: .seconds(600)) { ran.record(2) }
        try await ran.wait(for: 1)
        #expect(!deadlines.cancel(early) && deadlines.cancel(late) && !deadlines.cancel(late))
    }

    @Test func `work that ends in time gives what it gives, and no more is heard of its limit`() async throws {
        let deadlines = Deadlines(label: "test")
        #expect(try await deadlines.run(atMost: .seconds(600)) { 7 } == 7)
        await #expect(throws: Refused.self) {
            try await deadlines.run(atMost: .seconds(600)) { () throws -> Int in throw Refused() }
        }
    }

    @Test func `work that takes longer is cancelled, and has ended when the caller goes on`() async throws {
        let (deadlines, ended) = (Deadlines(label: "test"), Gate())
        let result = try await deadlines.run(atMost: .milliseconds(1)) {
            defer { ended.open() }
            return try await Promise<Int>().value()
        }
        #expect(result == nil && ended.isOpen)
    }

    @Test func `work is cancelled with its caller`() async throws {
        let (deadlines, begun, ended) = (Deadlines(label: "test"), Gate(), Gate())
        let caller = Task {
            try await deadlines.run(atMost: .seconds(600)) {
                defer { ended.open() }
                begun.open()
                return try await Promise<Int>().value()
            }
        }
        try await begun.wait()
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
        #expect(ended.isOpen)
    }
}
