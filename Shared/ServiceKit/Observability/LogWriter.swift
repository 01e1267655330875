import FoundationEssentials
import Foundations
import Logging
import ServiceLifecycle
import TaskStore

/// Where log lines are recorded.
package protocol LogRecord: Sendable {
    func record(_ lines: [LogLine], of service: String, replica: String) async throws
}

extension TaskStore: LogRecord {}

/// Records what a process logs, in batches, a moment later.
struct LogWriter: Service {
    private static let interval: Duration = .seconds(1)
    private static let batch = 500

    let recorder: LogRecorder
    let record: any LogRecord
    let service: String
    let replica: String
    let metrics: MetricsRegistry
    let logger: Logger

    func run() async throws {
        await Periodic.run(every: Self.interval, "log lines", logger, write)
        // Also how it ended.
        try? await write()
    }

    /// Records what waits now.
    func write() async throws {
        while case let (lines, dropped) = recorder.next(atMost: Self.batch), !lines.isEmpty || dropped > 0 {
            do {
                try await record.record(lines + Self.note(of: dropped), of: service, replica: replica)
            } catch {
                recorder.putBack(lines, dropped: dropped)
                throw error
            }
            if dropped > 0 { metrics.count(.logLinesDropped, by: Double(dropped)) }
        }
    }

    private static func note(of dropped: Int) -> [LogLine] {
        guard dropped > 0 else { return [] }
        return [
            LogLine(
                time: Date(), level: Logger.Level.warning.rawValue,
                message: "log lines were dropped, they came faster than they could be recorded",
                facts: ["lines": "\(dropped)"])
        ]
    }
}
