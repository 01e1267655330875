/// Notices a model that goes round in circles.
struct LoopDetector: Sendable {
    enum Verdict: Equatable {
        case fine
        /// Tell the model.
        case nudge(String)
        /// Give up.
        case stuck(String)
    }

    private static let nudgeAfter = 3
    private static let stuckAfter = 5
    /// How long two calls may take turns.
    private static let alternationLength = 8

    private var recent: [String] = []

    /// Takes note of a call and its result, each as a digest. Nothing but another call or another result resets it.
    mutating func observe(call: String, result: String, tool: String) -> Verdict {
        recent = (recent + ["\(call):\(result)"]).suffix(Self.alternationLength)
        let last = recent.last
        let repeats = recent.reversed().prefix { $0 == last }.count
        if repeats >= Self.stuckAfter { return .stuck("\(tool) was called \(repeats) times with the same result") }
        if repeats == Self.nudgeAfter {
            return .nudge(
                "You called \(tool) \(repeats) times in the same way with the same result. Do something else.")
        }
        return alternation()
    }

    private func alternation() -> Verdict {
        let length = alternatingSuffix
        if length >= Self.alternationLength { return .stuck("the same two calls took turns \(length) times") }
        if length == Self.alternationLength - 2 {
            return .nudge("You go back and forth between the same two calls. Change your approach.")
        }
        return .fine
    }

    private var alternatingSuffix: Int {
        let items = Array(recent.reversed())
        guard items.count >= 4, items[0] != items[1] else { return 0 }
        return items.indices.prefix { items[$0] == items[$0 % 2] }.count
    }
}
