import Foundation
import TestSupport
import Testing

@testable import Transfer

@Suite(.timeLimit(.minutes(1)))
struct `The buffer of a body` {
    private let buffer = BodyBuffer(capacity: 4)

    private func offer(_ text: String) -> Bool { Array(text.utf8).withUnsafeBytes { buffer.offer($0) } }

    private func next(_ resumed: Recorder<String> = Recorder()) async throws(TransferError) -> String? {
        try await buffer.next { resumed.record("resumed") }.get().map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func `wakes its reader once for all that came, then for the end`() async throws {
        let read = Recorder<String?>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addImmediateTask {
                read.record(try await next())
                read.record(try await next())
            }
            #expect(offer("ab") && offer("cd"))
            #expect(read.count == 0)
            buffer.flush()
            #expect(try await read.wait(for: 1) == ["abcd"])
            #expect(buffer.end(.success(())))
            try await group.waitForAll()
        }
        #expect(read.elements == ["abcd", nil])
    }

    @Test func `gives what came with the end before the end`() async throws {
        let read = Recorder<String?>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addImmediateTask {
                read.record(try await next())
                read.record(try await next())
            }
            #expect(offer("ab") && buffer.end(.success(())) && !buffer.end(.success(())))
            try await group.waitForAll()
        }
        #expect(read.elements == ["ab", nil])
    }

    @Test func `throws away what nobody will read after a cancellation`() async throws {
        #expect(offer("ab") && buffer.end(.failure(.cancelled)) && offer("cd"))
        await #expect(throws: TransferError.self) { try await next() }
    }

    @Test func `holds no more than it may, and lets the connection go on when it was read`() async throws {
        let resumed = Recorder<String>()
        // One piece may be larger: it has been read from the connection already.
        #expect(offer("abcdef") && !offer("g"))
        #expect(try await next(resumed) == "abcdef")
        #expect(resumed.count == 1 && offer("g"))
        #expect(try await next(resumed) == "g")
        #expect(resumed.count == 1)
    }
}
