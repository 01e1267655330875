import ServiceKit
import ServiceLifecycle
import Transfer

/// The notifier: repairs what crashes leave behind, and tells people how tasks ended.
package enum Notifier {
    package static let crashSteps: [CrashPoint.Step] = [.commit, .publish, .effect, .ack]

    package static func services(_ context: ServiceContext) throws -> [any Service] {
        // What ends last comes first: duties are given back when nothing of them is done any more.
        let duties = Duties(context, Duty.all)
        return [
            duties, Relay(context.store, context.publisher, context.logger), Reconciler(context, duties),
            try Pruner(context, duties), try Checkpoints(context, duties),
            BacklogMetrics(context.store, context.metrics, context.logger),
            try Announcer(context, client: HTTPClient()),
        ]
    }
}
