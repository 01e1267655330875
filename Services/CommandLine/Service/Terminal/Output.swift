import ArgumentParser
import Foundation
import Foundations
import Messaging
import ServiceKit

#if canImport(Glibc)
import Glibc
#endif

/// What the tool prints: lines for people, or one JSON document for programs.
enum Output {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// A line for people. What a model, a repository or a remote said can be part of it: it steers no terminal.
    static func line(_ text: String = "") { self.text(plain(text) + "\n") }

    /// The text without control characters, those of lines and columns aside.
    static func plain(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            scalar.properties.generalCategory != .control || scalar == "\n" || scalar == "\t" ? scalar : "\u{FFFD}"
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// The text as it is.
    static func text(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    static func json(_ value: JSONValue) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        text(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }

    /// The value on one line.
    static func jsonLine(_ value: JSONValue) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        text(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }

    static func error(_ text: String) {
        FileHandle.standardError.write(Data(("automata: " + plain(text) + "\n").utf8))
    }
}

extension AsyncParsableCommand {
    /// Runs the body of a verb; every failure becomes one line on standard error and its exit code.
    func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let failure as Failure {
            Output.error(failure.message)
            throw failure.code
        } catch let error as SettingsError {
            Output.error("\(error)")
            throw Exit.settings
        } catch let error as any Retriable {
            Output.error("\(error)")
            throw Exit.unreachable
        }
    }
}
