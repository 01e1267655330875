import FoundationEssentials
import Foundations
import Logging

#if canImport(Glibc)
import Glibc
#endif

/// Writes structured logs to standard error, one line an entry, as text or JSON, with known secrets redacted.
package struct LineLogHandler: LogHandler {
    /// How an entry looks.
    package enum Format: String, Sendable, CaseIterable {
        case text
        case json
    }

    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let label: String
    private let printed: Logger.Level
    private let format: Format
    private let redactor: Redactor
    private let recorder: LogRecorder?

    /// - Parameters:
    ///   - printed: From which level on lines are printed.
    ///   - recorder: Takes the lines for the record too, from a level of its own on.
    package init(
        label: String, printed: Logger.Level, format: Format, redactor: Redactor, recorder: LogRecorder? = nil
    ) {
        self.label = label
        self.printed = printed
        logLevel = min(printed, recorder?.level ?? printed)
        self.format = format
        self.redactor = redactor
        self.recorder = recorder
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var facts = metadata.merging(event.metadata ?? [:]) { $1 }
        if let error = event.error { facts["error"] = "\(error)" }
        recorder?.take(event.level, "\(event.message)", facts)
        guard event.level >= printed else { return }
        let line = redactor.redact(render(event.level, "\(event.message)", facts)) + "\n"
        Array(line.utf8).withUnsafeBytes { bytes in
            // One write a line keeps the lines of several threads whole; a closed standard error is nobody's concern.
            _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }

    private func render(_ level: Logger.Level, _ message: String, _ facts: Logger.Metadata) -> String {
        let time = Timestamp.text(Date())
        switch format {
        case .text:
            let facts = facts.sorted { $0.key < $1.key }.map { "\($0.key)=\(quoted("\($0.value)"))" }
            return ([time, level.rawValue.uppercased(), label, message] + facts).joined(separator: " ")
        case .json:
            var fields: [String: JSONValue] = [
                "time": .string(time), "level": .string(level.rawValue), "service": .string(label),
                "message": .string(message),
            ]
            for (key, value) in facts { fields[key] = .string("\(value)") }
            return (try? JSONValue.object(fields).text()) ?? message
        }
    }

    /// Text with white space or control characters is quoted, so that no value can forge a line.
    private func quoted(_ text: String) -> String {
        let needsQuotes =
            text.isEmpty || text.unicodeScalars.contains { $0.value <= 0x20 || $0 == "\"" }
        return needsQuotes ? text.debugDescription : text
    }
}
