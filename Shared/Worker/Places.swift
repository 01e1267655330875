import Contracts
import Foundations
import Logging
import ServiceKit
import TaskStore

/// The places of a replica for runs: as many as the platform's settings say, over the environment.
///
/// A change of the settings is told to every replica at once; one that was not reached looks by itself after a while.
struct Places: Sendable {
    let slots: Slots
    private let service: ServiceContext
    private let bell = Doorbell()

    init(_ service: ServiceContext) {
        self.service = service
        slots = Slots(service.settings.concurrency)
    }

    /// Has ``follow()`` look at the settings now.
    func lookNow() { bell.ring() }

    /// Makes the places what the settings say now. They stay where these cannot be asked.
    func refresh() async {
        do {
            let settings = try await service.store.settings()
            let count = ServiceKind(rawValue: service.name).flatMap { settings.workerConcurrency[$0] }
            slots.resize(to: count ?? service.settings.concurrency)
        } catch {
            service.logger.debug("reading settings failed", metadata: ["error": "\(error)"])
        }
    }

    func follow() async {
        while (try? await bell.wait(atMost: service.settings.lease / 3)) != nil { await refresh() }
    }
}
