import Contracts
import FoundationEssentials
import Foundations
import Logging
import Reports
import ServiceKit
import ServiceLifecycle
import TaskStore

/// Has the platform, or a company, come to rest when its time has come, and writes the report of whoever has come to rest.
///
/// What it goes by is in the record alone, so that it goes on wherever it, or everything, was cut off: a checkpoint that is
/// asked for is reached once, when nothing runs any more, and lasts until somebody resumes.
package struct Checkpoints: Service {
    private static let interval: Duration = .seconds(2)

    private let duties: Duties
    private let writer: CheckpointWriter

    package init(_ service: ServiceContext, _ duties: Duties) throws {
        self.duties = duties
        writer = CheckpointWriter(
            record: service.store, outlet: service.publisher,
            days: try service.settings.source.int(.checkpointDays, in: 0...365), logger: service.logger)
    }

    package func run() async throws { await duties.perform(.checkpoints, every: Self.interval, writer.run) }
}

/// One look at the checkpoints.
struct CheckpointWriter: Sendable {
    let record: any CheckpointRecord
    let outlet: any Outlet
    /// After how many days the platform has one, where its settings do not say; 0 is never.
    let days: Int
    let logger: Logger

    func run() async throws {
        for begun in try await record.beginDueCheckpoints(every: days) {
            logger.notice("a checkpoint is due, work pauses", metadata: ["place": "\(begun.place.key)"])
        }
        for pause in try await record.restingCheckpoints() { try await reach(pause) }
    }

    private func reach(_ pause: Pause) async throws {
        let figures = try await record.figures(of: pause.place)
        let report = Report(of: pause.place, figures).stored(by: pause.pausedBy)
        let event = CheckpointReached(
            reportID: report.id.text, actor: pause.pausedBy, since: figures.since, tasksEnded: figures.tasksEnded,
            tasksSucceeded: figures.tasksSucceeded, costUSD: figures.costUSD)
        let messages = try await record.reach(pause, with: report, telling: event)
        guard !messages.isEmpty else { return }
        outlet.publish(messages)
        logger.notice(
            "a checkpoint is reached, work goes on when somebody resumes it",
            metadata: ["place": "\(pause.place.key)", "report_id": "\(report.id.text)"])
    }
}
