import Foundation
import Subprocess

/// Runs a program to its end.
package enum Program {
    /// The program failed.
    package struct Failed: Error, CustomStringConvertible {
        package let arguments: [String]
        package let status: String
        package let errorOutput: String

        package var description: String { "\(arguments.joined(separator: " ")): \(status): \(errorOutput)" }
    }

    /// Runs `arguments`, the program by its path or found through `PATH`, and returns the standard output. Throws ``Failed`` unless it exits with 0.
    ///
    /// - Parameters:
    ///   - environment: Added to the environment of this process.
    ///   - input: The standard input.
    @discardableResult
    package static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = ""
    ) async throws -> String {
        let overrides = environment.map { (Subprocess.Environment.Key(stringLiteral: $0), String?.some($1)) }
        let result = try await Subprocess.run(
            .name("env"), arguments: Arguments(["--"] + arguments),
            environment: .inherit.updating(Dictionary(uniqueKeysWithValues: overrides)), input: .string(input),
            output: .string(limit: 64 << 20), error: .string(limit: 1 << 20))
        guard result.terminationStatus.isSuccess else {
            throw Failed(
                arguments: arguments, status: "\(result.terminationStatus)", errorOutput: result.standardError)
        }
        return result.standardOutput
    }
}
