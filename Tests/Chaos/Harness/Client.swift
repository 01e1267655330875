import Contracts
import Database
import Foundation
import Messaging
import PlatformSupport
import TestSupport

/// Submits as programs do: again and again until it is confirmed.
struct Client: Sendable {
    let platform: Platform
    /// The stream may lose what it confirmed: what is not recorded soon is published again.
    var losesStream = false

    /// Submits every task and parent at its time and returns when all are accepted.
    func submit(_ tasks: [LoadTask], _ families: [LoadFamily]) async throws {
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in tasks {
                group.addTask {
                    try await Deadline.elapse(task.at - (ContinuousClock.now - start))
                    try await submit(task)
                }
            }
            for family in families {
                group.addTask {
                    try await Deadline.elapse(family.at - (ContinuousClock.now - start))
                    try await submit(family)
                }
            }
            try await group.waitForAll()
        }
    }

    private func submit(_ task: LoadTask) async throws {
        while true {
            do {
                if task.isRequest {
                    try await platform.submit(task.draft, timeout: .seconds(5))
                } else {
                    try await platform.publish(task.draft)
                    if losesStream { try await untilKnown(task) }
                }
                return
            } catch let error as Reply.Refused where !Self.passes(error) {
                throw error
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                // The server is away, or the answer was lost: the same task again does no harm.
                try await Deadline.elapse(.milliseconds(200))
            }
        }
    }

    /// No door takes parents yet: they are recorded as the front desk would.
    private func submit(_ family: LoadFamily) async throws {
        while true {
            do {
                _ = try await platform.record(family.goal)
                return
            } catch is CancellationError {
                throw CancellationError()
            } catch is DatabaseError {
                try await Deadline.elapse(.milliseconds(200))
            }
        }
    }

    private func untilKnown(_ task: LoadTask) async throws {
        try await eventually("\(task.draft.id) is known", within: .seconds(3)) {
            (try? await platform.request(task.draft, .status, timeout: .seconds(1)).fields()) != nil
        }
    }

    /// Whether a refusal is of the moment, not of the task.
    private static func passes(_ refusal: Reply.Refused) -> Bool { ["unavailable", "internal"].contains(refusal.code) }
}
