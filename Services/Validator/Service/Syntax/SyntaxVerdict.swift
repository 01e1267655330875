import Sandbox

/// What a look at files came to, by how its command ended.
enum SyntaxVerdict: Sendable, Hashable {
    /// All can be read.
    case sound
    /// One cannot.
    case broken
    /// The program is not there, or does not work.
    case absent
    /// Nobody can tell: of what is no error of syntax, or not looked at to the end.
    case unknown

    static let absentCode = 127
    static let unknownCode = 3

    init(_ outcome: CommandOutcome) {
        self =
            switch Int(outcome.exitCode) {
            case _ where outcome.interruption != nil: .unknown
            case 0: .sound
            case 1: .broken
            case Self.absentCode: .absent
            default: .unknown
            }
    }
}
