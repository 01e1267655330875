extension Invariant {
    /// Without copies, the events of a task in the stream are numbered 1, 2, 3 … up to the record's last; in order, unless
    /// the bus lost some and got them again.
    static let eventsInOrder = Invariant("each event once, in order, without gaps") { testimony in
        let streams = Dictionary(grouping: testimony.stored, by: \.task)
        return testimony.record.tasks.compactMap { task in
            var seen: Set<String> = []
            var seqs = (streams[task.task] ?? []).filter { seen.insert($0.eventID).inserted }.map(\.seq)
            if testimony.lostStream { seqs.sort() }
            guard seqs != Array(1...max(1, task.lastSeq)) else { return nil }
            return ("\(task.task) has \(seqs), recorded are \(task.lastSeq)", task.task)
        }
    }

    /// Every copy of an event is the same, bears its id, and no two events share a number.
    static let eventsTheSame = Invariant("every copy of an event is the same") { testimony in
        let copies = testimony.heard + testimony.stored
        var breaches: [(what: String, task: String?)] = []
        for (id, events) in Dictionary(grouping: copies, by: \.eventID) {
            if Set(events.map(\.payload)).count > 1 {
                breaches.append(("\(id) has different payloads", events[0].task))
            }
            if events.contains(where: { $0.messageID?.lowercased() != id }) {
                breaches.append(("\(id) came under another message id", events[0].task))
            }
        }
        for (place, events) in Dictionary(grouping: copies, by: { "\($0.task) \($0.seq)" }) {
            let ids = Set(events.map(\.eventID)).count
            let told = Set(events.map { $0.payload.prefix(1000) }).sorted().joined(separator: "\n")
            if ids > 1 { breaches.append(("\(place) names \(ids) events:\n\(told)", events[0].task)) }
        }
        return breaches.sorted { $0.what < $1.what }
    }
}
