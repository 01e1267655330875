extension Invariant {
    /// Every ended task's webhook arrived, signed, under the one id of the record, each time with the same body. Of who
    /// has none, nothing arrived.
    static let webhooks = Invariant("each webhook at least once, with one id") { testimony in
        let arrived = Dictionary(grouping: testimony.webhooks, by: \.task)
        let recorded = Dictionary(grouping: testimony.record.webhooks, by: \.workflow)
        return testimony.record.tasks.compactMap { task in
            let (seen, rows) = (arrived[task.task] ?? [], recorded[task.workflow] ?? [])
            let breach: String? =
                if !task.hasWebhook {
                    seen.isEmpty && rows.isEmpty ? nil : "a webhook told of it, and nobody asked for one"
                } else if seen.isEmpty {
                    "no webhook arrived"
                } else if rows.count != 1 || Set(seen.map(\.id)) != Set(rows.map(\.id)) {
                    "webhook ids \(Set(seen.map(\.id)).sorted()), recorded are \(rows.map(\.id))"
                } else if Set(seen.map(\.body)).count > 1 {
                    "the webhook's body changed"
                } else if seen.contains(where: { !$0.isVerified }) {
                    "a signature is wrong"
                } else if seen.contains(where: { $0.status != task.status }) {
                    "the webhook says \(seen[0].status), the record \(task.status)"
                } else {
                    nil
                }
            return breach.map { ("\(task.task): \($0)", task.task) }
        }
    }

    /// When all has ended, nothing is left to publish, to deliver, or to clear away.
    static let atRest = Invariant("nothing is left at rest") { testimony in
        let record = testimony.record
        let pending = record.webhooks.count { $0.state != "done" }
        let counts = [
            (record.unpublished, "outbox rows are unpublished"), (record.leased, "runs are leased"),
            (record.openRuns, "runs of ended tasks are open"), (pending, "webhooks are not delivered"),
            (record.notices, "notices were not taken in"), (record.vainWaits, "steps wait for nothing"),
        ]
        return counts.filter { $0.0 > 0 }.map { ("\($0.0) \($0.1)", nil) } + testimony.leftovers.map { ($0, nil) }
    }

    /// A fault of something else ends no process.
    static let noExit = Invariant("no process ends by itself") { testimony in
        testimony.unexpectedExits.map { ($0, nil) }
    }
}
