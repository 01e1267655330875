import Contracts
import Glibc
import Synchronization

/// The crash point of a process that is armed, if any: reaching it ends the process as `kill -9` does.
///
/// `AUTOMATA_CRASH_AT` arms one: `before-effect`, or `before-effect:3` for the third time that it is reached.
package struct CrashPoints: Sendable {
    /// Nothing is armed: the case outside of tests.
    package static let none = CrashPoints(armed: nil)

    private final class Armed: Sendable {
        let point: CrashPoint
        let remaining: Mutex<Int>

        init(_ point: CrashPoint, _ occurrence: Int) {
            self.point = point
            remaining = Mutex(occurrence)
        }

        func isDue() -> Bool {
            remaining.withLock { remaining in
                remaining -= 1
                return remaining == 0
            }
        }
    }

    private let armed: Armed?

    private init(armed: Armed?) { self.armed = armed }

    /// Reads the setting. Throws ``SettingsError`` where it names no point that the service reaches.
    ///
    /// - Parameter steps: The steps that the service takes.
    package init(_ source: SettingsSource, steps: [CrashPoint.Step]) throws {
        guard let text = try source.text(.crashAt) else {
            self = .none
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let points = steps.flatMap { [CrashPoint.before($0), .after($0)] }
        guard let point = parts.first.flatMap({ CrashPoint(rawValue: String($0)) }), points.contains(point) else {
            let names = points.map(\.rawValue).joined(separator: ", ")
            throw SettingsError(.crashAt, "expected one of \(names), got \(text.prefix(32))")
        }
        guard let occurrence = parts.count > 1 ? Int(parts[1]) : 1, occurrence > 0 else {
            throw SettingsError(.crashAt, "expected a number from 1 on after the colon, got \(text.prefix(32))")
        }
        armed = Armed(point, occurrence)
    }

    /// The point that is armed.
    package var armedPoint: CrashPoint? { armed?.point }

    /// Ends the process here and now if `point` is armed and due.
    package func reach(_ point: CrashPoint) {
        guard let armed, armed.point == point, armed.isDue() else { return }
        kill(getpid(), SIGKILL)
    }

    /// Takes a step between its two points.
    package func around<T>(_ step: CrashPoint.Step, _ body: () async throws -> T) async rethrows -> T {
        reach(.before(step))
        let result = try await body()
        reach(.after(step))
        return result
    }
}
