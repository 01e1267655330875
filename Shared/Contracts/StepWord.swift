/// A word of a flow: `[a-z_]{1,40}`. It becomes part of subjects and of SQL, so only what has this shape is one.
package protocol StepWord: RawRepresentable<String>, Hashable, Sendable, Codable, CustomStringConvertible {
    /// Stores a word that is known to have the shape.
    init(validated rawValue: String)
}

extension StepWord {
    /// The word, or `nil` if `rawValue` has another shape.
    package init?(rawValue: String) {
        guard (1...40).contains(rawValue.utf8.count), rawValue.utf8.allSatisfy(\.isOfWord) else { return nil }
        self.init(validated: rawValue)
    }

    package var description: String { rawValue }
}

extension UInt8 {
    fileprivate var isOfWord: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || self == UInt8(ascii: "_")
    }
}

/// The name of a step in its flow: what status and events call the stage.
package struct Stage: StepWord {
    package let rawValue: String
    package init(validated rawValue: String) { self.rawValue = rawValue }

    package static let plan = Stage(validated: "plan")
    package static let implementation = Stage(validated: "implementation")
    package static let validation = Stage(validated: "validation")
    package static let push = Stage(validated: "push")
}

/// What came of a step that was finished: the flow says by it what follows.
package struct Outcome: StepWord, CodingKeyRepresentable {
    package let rawValue: String
    package init(validated rawValue: String) { self.rawValue = rawValue }

    /// It did what it is there for.
    package static let succeeded = Outcome(validated: "succeeded")
    /// It did, and the work differs in nothing from where it began.
    package static let unchanged = Outcome(validated: "unchanged")
    /// The work does not do; another try may.
    package static let failed = Outcome(validated: "failed")
    /// The work does not do, and no other work could.
    package static let unrepairable = Outcome(validated: "unrepairable")
    /// What an earlier step left is of another version of the program.
    package static let stale = Outcome(validated: "stale")
}
