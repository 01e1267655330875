import Foundation

/// A run in one line.
struct Summary: CustomStringConvertible {
    let description: String

    init(_ testimony: Testimony) {
        let requests = Set(testimony.modelCalls.map(\.hash)).count
        let events = Set(testimony.stored.map(\.eventID)).count
        let recovery = Recovery.times(testimony).map { String(format: "%.2f", $0) }
        let median =
            recovery.isEmpty
            ? "" : ", after a strike p50 \(recovery[recovery.count / 2]) s max \(recovery.last ?? "") s"
        let ends = testimony.record.tasks.map(\.finished)
        let rate = Double(ends.count - 1) / max(0.1, (ends.max() ?? 0) - (ends.min() ?? 0))
        let late = Recovery.endsOfParents(testimony).last.map { String(format: ", a parent ended after %.2f s", $0) }
        description =
            "\(ends.count) tasks ended, \(String(format: "%.1f", rate)) a second, \(testimony.disturbances.count) strikes, "
            + "\(testimony.modelCalls.count - requests) of \(testimony.modelCalls.count) model calls again, "
            + "\(testimony.stored.count - events) of \(testimony.stored.count) stored events are copies, "
            + "\(testimony.webhooks.count) webhooks, \(recovery.count) runs changed hands\(median)"
            + (late ?? "")
    }
}
