import Foundation
import Foundations
import Synchronization

/// A log that testifies what was asked and answered: one JSON object a line, only ever appended to.
///
/// A request has a line when it comes (`hash`, `attempt`, `model`, `reply`, …) and one when its answer leaves (`end`,
/// which is the hash, and `attempt`), so that calls in flight at a moment can be told. Each tells its `time`, and more
/// exactly in `microseconds` since 1970.
package final class Witness: Sendable {
    private let file: Mutex<FileHandle>

    /// Opens the file at `path` and creates it if there is none. Throws if it cannot be written.
    package init(path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw ScriptError("\(path): \(String(cString: strerror(errno)))") }
        file = Mutex(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
    }

    /// Appends a line with the current time.
    func record(_ facts: [String: JSONValue]) {
        var facts = facts
        let now = Date()
        facts["time"] = .string(Timestamp.text(now))
        facts["microseconds"] = .int(Int(now.timeIntervalSince1970 * 1_000_000))
        guard var line = try? JSONValue.object(facts).data() else { return }
        line.append(UInt8(ascii: "\n"))
        // A full disk must not stop the model.
        try? file.withLock { try $0.write(contentsOf: line) }
    }
}
