import Foundations
import Logging
import ServiceLifecycle

/// A loop that does something again and again until the process is asked to end.
package enum Periodic {
    private static let longestPause: Duration = .seconds(2)

    /// Runs `body`, then waits for `interval`. An error is logged and means a wait that is up to two seconds longer,
    /// never the end of the loop.
    package static func run(
        every interval: Duration, _ name: String, _ logger: Logger, _ body: @escaping @Sendable () async throws -> Void
    ) async {
        let backoff = Backoff(base: min(interval, longestPause), cap: longestPause)
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                do {
                    try await body()
                    failures = 0
                } catch {
                    guard !Task.isCancelled else { return }
                    failures += 1
                    logger.warning("a periodic task failed", metadata: ["task": "\(name)", "error": "\(error)"])
                }
                let wait = failures == 0 ? interval : interval + backoff.delay(attempt: failures)
                guard (try? await Task.sleep(for: wait)) != nil else { return }
            }
        }
    }
}
