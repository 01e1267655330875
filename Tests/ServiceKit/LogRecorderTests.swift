import Foundation
import Foundations
import Logging
import Synchronization
import TaskStore
import Testing

@testable import ServiceKit

/// Log lines on their way into the record.
@Suite(.timeLimit(.minutes(1))) struct LogRecorderTests {
    private final class Book: LogRecord, Sendable {
        struct State {
            var batches: [[LogLine]] = []
            var isAway = false
        }

        struct Away: Error {}

        let state = Mutex(State())

        func record(_ lines: [LogLine], of service: String, replica: String) async throws {
            try state.withLock { state in
                guard !state.isAway else { throw Away() }
                state.batches.append(lines)
            }
        }

        var messages: [String] { state.withLock { $0.batches.flatMap { $0.map(\.message) } } }
    }

    private let book = Book()
    private let metrics = MetricsRegistry()
    private let silent = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }

    private func writer(_ recorder: LogRecorder) -> LogWriter {
        LogWriter(
            recorder: recorder, record: book, service: "coder", replica: "coder-1", metrics: metrics, logger: silent)
    }

    @Test func `lines are recorded from their own level on, whatever is printed, and without secrets`() async throws {
        let recorder = LogRecorder(from: .info, redactor: Redactor([Secret("hunter2")]))
        let logger = Logger(label: "coder") { label in
            LineLogHandler(
                label: label, printed: .critical, format: .text, redactor: Redactor(), recorder: recorder)
        }
        logger.debug("too small")
        logger.info("the password is hunter2", metadata: ["url": "https://x:hunter2@y", "workflow_id": "none"])
        let id = UUID()
        logger.warning("a run", metadata: ["workflow_id": "\(id.text)"])
        try await writer(recorder).write()
        let lines = book.state.withLock { $0.batches.flatMap(\.self) }
        #expect(lines.map(\.message) == ["the password is <redacted>", "a run"])
        #expect(lines.map(\.level) == ["info", "warning"] && lines.map(\.workflowID) == [nil, id])
        #expect(lines[0].facts == ["url": "https://x:<redacted>@y", "workflow_id": "none"])
    }

    @Test func `lines that come too fast are dropped, counted and told of`() async throws {
        let recorder = LogRecorder(from: .info, atMost: 3, redactor: Redactor())
        for number in 0..<5 { recorder.take(.info, "\(number)", [:]) }
        try await writer(recorder).write()
        #expect(
            book.messages == ["0", "1", "2", "log lines were dropped, they came faster than they could be recorded"])
        #expect(book.state.withLock { $0.batches.last?.last?.facts } == ["lines": "2"])
        #expect(metrics.text.contains("automata_log_lines_dropped_total 2"))
        recorder.take(.info, "later", [:])
        try await writer(recorder).write()
        #expect(book.messages.last == "later")
    }

    @Test func `what cannot be recorded waits, in its order`() async throws {
        let recorder = LogRecorder(from: .info, redactor: Redactor())
        recorder.take(.info, "one", [:])
        book.state.withLock { $0.isAway = true }
        await #expect(throws: Book.Away.self) { try await writer(recorder).write() }
        recorder.take(.info, "two", [:])
        book.state.withLock { $0.isAway = false }
        try await writer(recorder).write()
        #expect(book.messages == ["one", "two"])
    }

    @Test func `many lines go in batches`() async throws {
        let recorder = LogRecorder(from: .info, redactor: Redactor())
        for number in 0..<1100 { recorder.take(.info, "\(number)", [:]) }
        try await writer(recorder).write()
        #expect(book.state.withLock { $0.batches.map(\.count) } == [500, 500, 100])
        #expect(book.messages == (0..<1100).map { "\($0)" })
    }
}
