import Foundations

/// What a call of unknown price means for a task with a money limit: `MODEL_UNKNOWN_PRICE`.
package enum UnknownPrice: Sendable, Hashable {
    /// It counts nothing, and people are told once.
    case tell
    /// The task ends: its limit cannot be kept.
    case refuse
    /// It counts as so many US dollars for a million tokens.
    case assume(Double)

    /// Reads the setting; `nil` if it is none.
    package init?(_ text: String) {
        switch text.lowercased() {
        case "tell": self = .tell
        case "refuse": self = .refuse
        default:
            guard let dollars = Double(text), (0...10_000).contains(dollars) else { return nil }
            self = .assume(dollars)
        }
    }
}
