import Contracts
import Foundations
import Sandbox

/// Commands of a setup that did not do what they should.
struct SetupFailure: Error, CustomStringConvertible {
    private static let keptOutput = 3000

    /// For people and models.
    let description: String

    init(_ reason: String) { description = reason }

    /// - Parameter refused: What the proxy refused, or could not do.
    init(_ command: String, _ outcome: CommandOutcome, refused: [String]) {
        let what =
            switch outcome.interruption {
            case .timeout: "took too long"
            case .outputLimit: "printed too much"
            case .diskLimit: "wrote more than a setup may"
            case .memoryLimit: "used more memory than a command may"
            case nil: "failed with exit code \(outcome.exitCode)"
            }
        let notes = refused.isEmpty ? "" : " (\(refused.joined(separator: "; ")))"
        let output = String(outcome.output.suffix(Self.keptOutput))
        description = "setup: `\(command.clipped(200))` \(what)\(notes):\n\(output)"
    }
}
