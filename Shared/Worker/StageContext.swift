import Contracts
import Foundations
import Logging
import Messaging
import ServiceKit
import TaskStore

/// What a stage works with: the run it owns, and fenced ways to record and tell what it does.
package struct StageContext: Sendable {
    package let service: ServiceContext
    package let run: StageRun
    package let control: RunControl
    package let logger: Logger

    package init(service: ServiceContext, run: StageRun, control: RunControl, logger: Logger) {
        self.service = service
        self.run = run
        self.control = control
        self.logger = logger
    }

    package var request: TaskRequest { run.request }
    /// Whether the lease surely holds, by this host's clock: it counts from before each extension was asked for.
    package var isHeld: Bool { !control.isRevoked && control.lastHeld + service.settings.lease > .now }
    package var record: WorkflowRecord { run.record }

    /// Records and publishes events of work in progress.
    package func emit(_ events: [EventDraft], changes: WorkflowChanges = WorkflowChanges()) async throws {
        service.publisher.publish(try await service.store.emit(run.claim, events, changes: changes))
        control.progressed()
    }

    /// Records and publishes one event.
    package func emit(_ details: some EventDetails, changes: WorkflowChanges = WorkflowChanges()) async throws {
        try await emit([EventDraft(details)], changes: changes)
    }
}
