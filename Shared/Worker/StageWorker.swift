import Contracts
import FoundationEssentials
import Foundations
import Logging
import Messaging
import ServiceKit
import ServiceLifecycle
import TaskStore

/// Runs the stages of one kind: takes permits from the bus, claims runs from the record, and runs them side by side.
///
/// A message is a permit to look, the claim decides: it takes the most urgent ready run, not the one that the message
/// names. The message is acknowledged right after the claim; from then on the lease brings a lost run back.
package struct StageWorker: Service {
    private let service: ServiceContext
    private let handler: any StageHandler
    private let heartbeats: Heartbeats
    private let stragglers: Stragglers
    private let grace: Duration

    /// The steps around the run of any stage, see ``CrashPoints``.
    package static let crashSteps: [CrashPoint.Step] = [.claim, .ack, .commit, .publish]

    package init(_ service: ServiceContext, _ handler: any StageHandler) {
        self.init(service, handler, Stragglers(most: service.settings.concurrency))
    }

    /// - Parameter grace: See ``StageRunner``.
    init(
        _ service: ServiceContext, _ handler: any StageHandler, _ stragglers: Stragglers,
        grace: Duration = .seconds(5)
    ) {
        self.grace = grace
        self.service = service
        self.handler = handler
        self.stragglers = stragglers
        heartbeats = Heartbeats(service)
    }

    /// Ends with an error when handlers that do not end leave too little of the process: it has to be started anew.
    package func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await self.work() }
                group.addTask { try await self.heartbeats.run() }
                group.addTask { try await self.stragglers.watch() }
                defer { group.cancelAll() }
                do { try await group.next() } catch is CancellationError {}
            }
        }
    }

    private func work() async throws {
        let places = Places(service)
        await places.refresh()
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await self.listenForSignals(places) }
            group.addTask { await places.follow() }
            try await self.takePermits(places.slots, &group)
        }
    }

    /// Cancelled by the graceful shutdown, which reaches the running stages as cancellation too: they give their
    /// leases back, see ``StageRunner``.
    private func takePermits(
        _ slots: Slots, _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) async throws {
        guard let row = service.settings.kinds.first(where: { $0.kind == handler.kind }) else {
            throw UnknownKind(kind: handler.kind)
        }
        let permits = PermitSource(service, consumer: row.consumer)
        while !Task.isCancelled {
            do {
                try await service.admission.opened()
                try await slots.take()
                guard let permit = try await permits.next() else {
                    slots.giveBack()
                    continue
                }
                guard service.admission.isOpen else {
                    // For whoever is not paused.
                    try? await permit.negativeAcknowledge(delay: nil)
                    slots.giveBack()
                    continue
                }
                try await use(permit, slots, &group)
            } catch is CancellationError {
                return
            }
        }
    }

    /// Claims with a place that was taken, and goes on until the run that the permit is for is claimed.
    ///
    /// More urgent runs come first, and some have no permit of their own: a retry that became due, a run whose lease
    /// ended. A permit that one of them used up would be missing where it belongs.
    private func use(
        _ permit: Delivery, _ slots: Slots, _ group: inout ThrowingDiscardingTaskGroup<any Error>
    ) async throws {
        service.publisher.hasArrived(permit.message)
        let own = try? JSON.decode(StageRequest.self, from: permit.message.payload)
        do {
            repeat {
                guard let (run, claimed) = try await claim() else {
                    slots.giveBack()
                    return await putDown(permit, own)
                }
                group.addTask {
                    defer { slots.giveBack() }
                    await StageRunner(
                        service, handler, run, heartbeats, stragglers, claimed: claimed, grace: grace
                    ).execute()
                }
                if let own, run.isMeant(by: own) {
                    service.crashPoints.reach(.before(.ack))
                    try? await permit.acknowledge()
                    service.crashPoints.reach(.after(.ack))
                    return
                }
            } while service.admission.isOpen && slots.takeIfFree()
            // Whoever has a place next goes on with it.
            try? await permit.negativeAcknowledge(delay: nil)
        } catch is CancellationError {
            try? await permit.negativeAcknowledge(delay: nil)
            throw CancellationError()
        } catch {
            slots.giveBack()
            service.logger.warning("claim failed", metadata: ["error": "\(error)"])
            try? await permit.negativeAcknowledge(delay: .seconds(1))
        }
    }

    /// Claims a run, and says when it asked: the lease counts from then, also where this process stands still meanwhile.
    private func claim() async throws -> (run: StageRun, asked: ContinuousClock.Instant)? {
        service.crashPoints.reach(.before(.claim))
        let asked = ContinuousClock.now
        let run = try await service.store.claim(
            handler.kind, owner: service.owner, lease: service.settings.lease)
        service.metrics.count(.claims, handler.kind.rawValue, run == nil ? "none" : "taken")
        guard let run else { return nil }
        service.crashPoints.reach(.after(.claim))
        return (run, asked)
    }

    /// Nothing could be claimed: the permit is spent, unless somebody held its run back just now.
    private func putDown(_ permit: Delivery, _ own: StageRequest?) async {
        let id = own.flatMap { UUID(uuidString: $0.workflowID) }
        // Where the database cannot be asked the permit is kept.
        if let id, (try? await service.store.needsPermit(handler.kind, of: id)) ?? true {
            try? await permit.negativeAcknowledge(delay: .milliseconds(100))
        } else {
            try? await permit.acknowledge()
        }
    }

    /// Owners look at their workflow's flags at once when the front door says so, and every replica at its settings.
    private func listenForSignals(_ places: Places) async throws {
        let backoff = Backoff(base: .milliseconds(200), cap: .seconds(5))
        var attempt = 0
        while !Task.isCancelled {
            do {
                let signals = try await service.bus.subscribe(service.settings.subjects.signals, queueGroup: nil)
                attempt = 0
                for await signal in signals {
                    guard let json = try? JSONValue(parsing: signal.payload) else { continue }
                    let workflow = json["workflow_id"]?.stringValue.flatMap { UUID(uuidString: $0) }
                    if let workflow { heartbeats.beatNow(workflow) }
                    if json["settings"] == true { places.lookNow() }
                }
            } catch {
                service.logger.debug("listening for signals failed", metadata: ["error": "\(error)"])
            }
            guard (try? await Task.sleep(for: backoff.delay(attempt: attempt))) != nil else { return }
            attempt += 1
        }
    }
}

/// There is no row for what a handler does.
struct UnknownKind: Error, CustomStringConvertible {
    let kind: StepKind
    var description: String { "no consumer is known for steps of the kind \(kind)" }
}

extension StageRun {
    fileprivate func isMeant(by request: StageRequest) -> Bool {
        record.workflowID.text == request.workflowID && key.round == request.round
    }
}
