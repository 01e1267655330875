import ServiceKit
import ServiceLifecycle
import Transfer

/// The notifier: repairs what crashes leave behind, and tells people how tasks ended.
package enum Notifier {
    package static let crashSteps: [CrashPoint.Step] = [.commit, .publish, .effect, .ack]

    package static func services(_ context: ServiceContext) throws -> [any Service] {
        [
            Relay(context), Reconciler(context), try Pruner(context), BacklogMetrics(context),
            try Announcer(context, client: HTTPClient()),
        ]
    }
}
