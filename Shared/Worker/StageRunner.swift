import Contracts
import Foundations
import Logging
import ServiceKit
import TaskStore

/// Runs one claimed stage run to its end: the handler beside the heartbeats, then what follows from how they ended.
struct StageRunner {
    private let service: ServiceContext
    private let handler: any StageHandler
    private let run: StageRun
    private let heartbeats: Heartbeats
    private let claimed: ContinuousClock.Instant
    private let control: RunControl
    private let logger: Logger
    private let stragglers: Stragglers
    private let commandSlack: Duration
    private let grace: Duration

    /// - Parameters:
    ///   - claimed: When the claim was asked for, from which its lease counts.
    ///   - commandSlack: What a command may take beyond its own time limit before the stage counts as stuck.
    ///   - grace: How long a handler may take to end when it is told to; less than ``ServiceProcess/drainLimit``.
    init(
        _ service: ServiceContext, _ handler: any StageHandler, _ run: StageRun, _ heartbeats: Heartbeats,
        _ stragglers: Stragglers = Stragglers(most: 1), claimed: ContinuousClock.Instant = .now,
        commandSlack: Duration = .seconds(60), grace: Duration = .seconds(5)
    ) {
        self.stragglers = stragglers
        self.commandSlack = commandSlack
        self.grace = grace
        self.service = service
        self.handler = handler
        self.run = run
        self.heartbeats = heartbeats
        self.claimed = claimed
        control = RunControl(maxCostUSD: run.record.maxCostUSD, heldSince: claimed)
        var logger = service.logger
        logger[metadataKey: "workflow_id"] = "\(run.record.workflowID.text)"
        logger[metadataKey: "task_id"] = "\(run.record.address.task)"
        logger[metadataKey: "stage"] = "\(run.key.stage.rawValue)"
        logger[metadataKey: "epoch"] = "\(run.claim.epoch)"
        self.logger = logger
    }

    /// Never throws: a failure becomes another try or the end of the workflow; what cannot even be recorded is left
    /// to the lease.
    func execute() async {
        service.metrics.change(.running, stage, by: 1)
        defer { service.metrics.change(.running, stage, by: -1) }
        logger.debug("stage run claimed", metadata: ["attempt": "\(run.attempt)"])
        await service.redactor.remembering(run.record.address.owner) { await runAndSettle() }
    }

    private func runAndSettle() async {
        let start = ContinuousClock.now
        let result = await isExhausted() ? .failed(Self.exhausted) : await runBesideHeartbeat()
        do {
            // Recording how the run ended must not be cut off by the shutdown that may have ended it.
            try await Task.detachedFromCancellation { try await self.settle(result) }
        } catch StoreError.leaseLost {
            service.metrics.count(.leaseLosses, stage)
            logger.notice("lease lost, nothing was written")
        } catch {
            logger.error(
                "the end of a stage run was not recorded, its lease will expire", metadata: ["error": "\(error)"])
        }
        service.metrics.observe(.stageSeconds, stage, result.name, since: start)
    }

    private var stage: String { run.key.stage.rawValue }

    /// As the settings say now; where they cannot be asked, as the environment does.
    private func policy() async -> RetryPolicy {
        let settings = try? await context.settings()
        return RetryPolicy(maxRetries: settings?.maxRetries ?? service.settings.maxRetries)
    }

    /// A run that ends its process never gets to record a failure: its claims are counted instead.
    private func isExhausted() async -> Bool {
        guard run.attempt > 1 else { return false }
        return await policy().isExhausted(attempt: run.attempt)
    }

    private static let exhausted = StageFailure(
        .internalError, "the stage was tried too often without making progress; the service may have been killed by it")

    private var context: StageContext {
        StageContext(service: service, run: run, control: control, logger: logger)
    }

    private enum Ending: Sendable {
        case outcome(StageEnd)
        case stopped(StopReason)
        case failed(any Error)

        /// For metrics.
        var name: String {
            switch self {
            case .outcome(.finished(let result)): result.outcome.rawValue
            case .outcome(.spawned): "spawned"
            case .outcome(.waiting): "waiting"
            case .outcome(.failed): "failed"
            case .stopped(.leaseLost): "lease_lost"
            case .stopped(.timedOut): "timed_out"
            case .stopped(let reason): "\(reason)"
            case .failed: "failed"
            }
        }
    }

    private func runBesideHeartbeat() async -> Ending {
        let work = HandlerWork()
        work.begin { [handler, context] in
            // Also what outlives its run must not tell what it knows.
            try await context.service.redactor.remembering(context.record.address.owner) {
                try await handler.run(context)
            }
        }
        let first = await firstEnding(work)
        if await !work.stop(within: grace) { abandon(work) }
        if case .failed = first, Task.isCancelled { return .stopped(.shutdown) }
        return first
    }

    /// What comes first: the end of the handler, or a reason to stop it. The lease is extended meanwhile.
    private func firstEnding(_ work: HandlerWork) async -> Ending {
        heartbeats.add(run.claim.lease, of: run.record.workflowID, since: claimed, control)
        defer { heartbeats.remove(run.claim.lease) }
        return await withTaskGroup(of: Ending.self) { group in
            group.addTask {
                do { return .outcome(try await work.value()) } catch { return .failed(error) }
            }
            group.addTask { .stopped((try? await control.toldToStop()) ?? .shutdown) }
            group.addTask { .stopped(await watch()) }
            let first = await group.next() ?? .stopped(.shutdown)
            group.cancelAll()
            await group.waitForAll()
            return first
        }
    }

    /// The handler does not end. From here on it owns nothing: neither its lease, which is given back, nor its place.
    private func abandon(_ work: HandlerWork) {
        control.revoke()
        stragglers.add(work)
        service.metrics.count(.stagesAbandoned, stage)
        logger.error(
            "a stage run does not end although it was told to, it goes on without a lease",
            metadata: ["grace_ms": "\(grace.milliseconds)"])
    }

    /// Waits until the lease may have ended while the database did not answer, or until the stage is alive but has
    /// finished no step for too long.
    private func watch() async -> StopReason {
        while true {
            let leaseEnd = control.lastHeld + service.settings.lease
            let stepEnd = control.lastProgress + stepLimit
            // Nobody can know whether a lease holds that was not extended in time: another replica may go on already.
            if leaseEnd <= .now { return .leaseLost }
            if stepEnd <= .now { return .stalled }
            guard (try? await Task.sleep(until: min(leaseEnd, stepEnd), clock: .continuous)) != nil else {
                return .shutdown
            }
        }
    }

    /// A step has limits of its own; this one is for what they do not reach. A command may take as long as it was given,
    /// a model as long as the settings let it.
    private var stepLimit: Duration {
        max(
            service.settings.stepTimeout, .seconds(run.request.validation.timeoutSeconds) + commandSlack,
            handler.longestStep + commandSlack)
    }

    private func settle(_ ending: Ending) async throws {
        let messages = try await service.crashPoints.around(.commit) { try await commit(ending) }
        service.publisher.publish(messages)
    }

    /// Records how the run ended, in one transaction. Returns what it left to publish.
    private func commit(_ ending: Ending) async throws -> [OutboxMessage] {
        let store = service.store
        try await recordWhatWaits(before: ending)
        switch ending {
        case .outcome(.finished(let result)):
            return try await finish(result)
        case .outcome(.spawned(let children)):
            return try await recordingFailure { try await store.spawn(run.claim, children) }
        case .outcome(.waiting(let time)):
            return try await recordingFailure { try await store.wait(run.claim, until: time) }
        case .outcome(.failed(let failure, let changes)):
            return try await end(failure.status, failure.reason, changes)
        case .stopped(.leaseLost):
            service.metrics.count(.leaseLosses, stage)
            logger.notice("lease lost, stopped")
            return []
        case .stopped(.shutdown), .stopped(.paused):
            // The record knows of the pause and holds the run back.
            return try await store.release(run.claim)
        case .stopped(.cancelled):
            return try await end(.cancelled, "cancelled on request")
        case .stopped(.stalled):
            let reason = "no step was finished in \(stepLimit)"
            return try await fail(StageFailure(.internalError, reason, isRetriable: true))
        case .stopped(.timedOut):
            return try await end(.timedOut, "the time limit of the task has passed")
        case .failed(let mismatch as JournalMismatch):
            return try await beginAfresh("\(mismatch)")
        case .failed(let error):
            return try await fail(error)
        }
    }

    /// What a handler held back when it stopped has happened all the same. With a result it is recorded in one
    /// transaction, and nobody's who lost the lease.
    private func recordWhatWaits(before ending: Ending) async throws {
        switch ending {
        case .outcome(.finished), .stopped(.leaseLost): return
        default: try await context.keep()
        }
    }

    private func finish(_ result: StepResult) async throws -> [OutboxMessage] {
        var result = result
        result.issue = result.issue.map(service.redactor.redact)
        logger.info("step finished", metadata: ["outcome": "\(result.outcome)", "issue": "\(result.issue ?? "")"])
        return try await whileFresh {
            let records = control.takeWaiting()
            do {
                return try await service.store.finish(run.claim, with: result, after: records)
            } catch {
                control.putBack(records)
                throw error
            }
        }
    }

    /// What the record refuses is as if the step had failed.
    private func recordingFailure(_ body: () async throws -> [OutboxMessage]) async throws -> [OutboxMessage] {
        do { return try await body() } catch let error as StoreError { return try await fail(error) }
    }

    /// An upgrade loses no conversation: what another version recorded is left where it is, and the work goes on from
    /// its last checkpoint.
    private func beginAfresh(_ reason: String) async throws -> [OutboxMessage] {
        logger.warning("a stage begins afresh", metadata: ["reason": "\(reason)"])
        return try await whileFresh { try await service.store.beginAfresh(run.claim, because: reason) }
    }

    private func whileFresh(_ body: () async throws -> [OutboxMessage]) async throws -> [OutboxMessage] {
        do {
            return try await body()
        } catch StoreError.begunAfreshTooOften {
            try await context.keep()
            return try await fail(StageFailure(.internalError, "\(StoreError.begunAfreshTooOften)"))
        }
    }

    private func end(
        _ status: TerminalStatus, _ reason: String?, _ changes: WorkflowChanges = WorkflowChanges()
    ) async throws -> [OutboxMessage] {
        let reason = reason.map(service.redactor.redact)
        let messages = try await service.store.end(run.claim, as: status, changes: changes, error: reason)
        logger.info("workflow ended", metadata: ["status": "\(status.rawValue)", "reason": "\(reason ?? "")"])
        return messages
    }

    private func fail(_ error: any Error) async throws -> [OutboxMessage] {
        if case StoreError.leaseLost = error { throw error }
        let failure = StageFailure(describing: error)
        let reason = service.redactor.redact(failure.reason)
        let decision = await policy().decision(
            attempt: run.attempt, isRetriable: failure.isRetriable, retryAfter: failure.retryAfter,
            isBusy: failure.isBusy, otherwise: failure.status)
        logger.warning("stage failed", metadata: ["error": "\(reason)", "decision": "\(decision)"])
        switch decision {
        case .end(let status): return try await end(status, reason)
        case .retry(let delay): return try await service.store.release(run.claim, after: delay, error: reason)
        case .wait(let delay):
            return try await service.store.release(run.claim, after: delay, error: reason, counts: false)
        }
    }
}

extension Task where Success == Never, Failure == Never {
    /// Runs `body` so that cancelling the caller does not reach it, and waits for it.
    static func detachedFromCancellation<T: Sendable>(
        _ body: @escaping @Sendable () async throws -> T
    ) async throws -> T {
        try await Task<T, any Error>.detached { try await body() }.value
    }
}
