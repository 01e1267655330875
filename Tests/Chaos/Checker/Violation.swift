/// Something that must not be.
struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The rule that it breaks.
    var invariant: String
    /// What was seen.
    var what: String
    /// The task it is about, if it is about one.
    var task: String?

    var description: String { "\(invariant): \(what)" }
}

/// A rule that holds for every run, whatever was broken meanwhile.
struct Invariant: Sendable {
    let name: String
    private let breaches: @Sendable (Testimony) -> [(what: String, task: String?)]

    init(_ name: String, _ breaches: @escaping @Sendable (Testimony) -> [(what: String, task: String?)]) {
        self.name = name
        self.breaches = breaches
    }

    func violations(in testimony: Testimony) -> [Violation] {
        breaches(testimony).map { Violation(invariant: name, what: $0.what, task: $0.task) }
    }
}

/// Compares what the witnesses saw with what is promised.
enum Checker {
    static let invariants: [Invariant] = [
        .oneEnd, .onePush, .noCallTwice, .noRecordedCallAgain, .noReplyRecordedTwice, .eventsInOrder, .eventsTheSame,
        .webhooks, .epochsGrow, .nobodyElse, .parentsLast, .childrenTold, .atRest, .noExit,
    ]

    static func violations(in testimony: Testimony) -> [Violation] {
        invariants.flatMap { $0.violations(in: testimony) }
    }
}
