import Foundation
import TestSupport

/// Nothing went on for too long; tells how everything stands.
struct Stuck: Error, CustomStringConvertible {
    let what: String
    let diagnosis: String
    var description: String { "\(what)\n\(diagnosis)" }
}

/// Looks again and again whether the work goes on.
struct StuckDetector: Sendable {
    /// How long nothing may change: longer than any fault lasts, a lease, and the longest wait of a retry.
    var patience: Duration = .seconds(45)
    var interval: Duration = .milliseconds(200)
    /// How far everything is; an error means that it cannot be told now.
    let progress: @Sendable () async throws -> Progress
    /// How everything stands, for people.
    let diagnosis: @Sendable () async -> String

    /// Waits until `isDone`; throws ``Stuck`` when nothing goes on any more.
    func wait(_ what: String, until isDone: @Sendable (Progress) -> Bool) async throws {
        let clock = ContinuousClock()
        var last = Progress()
        var changed = clock.now
        while true {
            // The database may be away: that is no progress, but it is no end either.
            if let progress = try? await progress() {
                if isDone(progress) { return }
                if progress != last { (last, changed) = (progress, clock.now) }
            }
            try Task.checkCancellation()
            guard clock.now - changed < patience else {
                throw Stuck(
                    what: "\(what): nothing went on for \(patience), \(last)", diagnosis: await diagnosis())
            }
            try await Deadline.elapse(interval)
        }
    }
}

extension StuckDetector {
    init(_ installation: Installation) {
        progress = { try await Progress.read(installation.platform) }
        diagnosis = { await Diagnosis(installation).text() }
    }
}
