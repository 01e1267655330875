import Database

/// How a run is left by its owner, or by whoever takes it from nobody.
enum RunLeaving {
    /// To be claimed after a delay, or held.
    case open(NewRun.Beginning, after: Duration = .zero)
    case closed(Closing)

    /// How a run closes.
    enum Closing: String, SQLEncodable {
        /// By its owner.
        case done
        /// By its owner, who gives up after the last try.
        case dead
        /// By somebody else, or because nobody wants it any more.
        case cancelled
    }

    /// The assignments of an update of `stage_runs` as `r`.
    var assignments: SQL {
        switch self {
        case .open(let beginning, let delay):
            "state = \(beginning), owner = null, lease_until = null, run_at = now() + \(max(delay, .zero))"
        case .closed(let closing):
            """
            state = \(closing), owner = null, lease_until = null, finished_at = now(),
            finished_by = case when \(closing) <> 'cancelled' then r.owner end
            """
        }
    }
}
