import Foundation

/// How long it took from a fault to the first step that another owner of a run began: at most, as the fault may have
/// hit somebody else first. RecoveryTests.swift measures what one kill costs.
enum Recovery {
    /// In seconds, one for each run that changed hands because of a fault, sorted.
    static func times(_ testimony: Testimony) -> [Double] {
        let runs = Dictionary(grouping: testimony.record.steps, by: \.run)
        return runs.values.flatMap { steps -> [Double] in
            let steps = steps.sorted { $0.step < $1.step }
            return zip(steps, steps.dropFirst()).compactMap { before, after in
                guard after.epoch > before.epoch, let finished = before.finished else { return nil }
                let cause = testimony.disturbances.first {
                    let time = $0.start.timeIntervalSince1970
                    return time >= finished && time <= after.started
                }
                return cause.map { after.started - $0.start.timeIntervalSince1970 }
            }
        }.sorted()
    }

    /// How long parents took to end after the last of their children, in seconds, sorted.
    static func endsOfParents(_ testimony: Testimony) -> [Double] {
        let children = Dictionary(grouping: testimony.record.tasks, by: \.parent)
        return testimony.record.tasks.compactMap { parent in
            children[parent.workflow]?.map(\.finished).max().map { parent.finished - $0 }
        }.sorted()
    }
}
