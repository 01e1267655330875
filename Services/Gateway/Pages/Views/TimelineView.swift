import FoundationEssentials

/// What happened in a task and when: its stages as bars, and its activities.
package struct TimelineView: Sendable {
    /// A run of a stage.
    package struct Run: Sendable {
        package let name: String
        package let state: Badge
        package let duration: String
        package let owner: String?
        package let began: Moment
        /// Where its bar lies, in thousandths of the whole time.
        package let x: Int
        package let width: Int

        /// - Parameters:
        ///   - range: The whole time.
        ///   - ended: `nil` while it runs.
        package init(
            _ name: String, state: Badge, began: Date, ended: Date?, owner: String? = nil, in range: Range<Date>,
            now: Date
        ) {
            let end = ended ?? now
            let whole = max(range.upperBound.timeIntervalSince(range.lowerBound), 0.001)
            func place(_ date: Date) -> Int {
                let share = date.timeIntervalSince(range.lowerBound) / whole
                return Int((min(max(share, 0), 1) * 1000).rounded())
            }
            self.name = name
            self.state = state
            self.owner = owner
            duration = Amount.duration(end.timeIntervalSince(began))
            self.began = Moment(began, now: now)
            x = min(place(began), 996)
            width = max(4, place(end) - place(began))
        }
    }

    /// Something that happened.
    package struct Entry: Sendable {
        package var at: Moment
        package var tone: Tone
        /// The kind of activity, for example `function_call`.
        package var kind: String
        package var text: String
        /// What stands behind it, in the full view alone.
        package var details: String?
        package var duration: String?

        package init(
            at: Moment, tone: Tone = .quiet, kind: String, text: String, details: String? = nil, duration: String? = nil
        ) {
            self.at = at
            self.tone = tone
            self.kind = kind
            self.text = text
            self.details = details
            self.duration = duration
        }
    }

    package var runs: [Run]
    package var entries: [Entry]
    package var isFull: Bool
    /// The other of the two views.
    package var other: Link
    package var pager: Pager?

    package init(runs: [Run], entries: [Entry], isFull: Bool, other: Link, pager: Pager? = nil) {
        self.runs = runs
        self.entries = entries
        self.isFull = isFull
        self.other = other
        self.pager = pager
    }
}
