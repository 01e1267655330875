import Contracts
import FoundationEssentials
import Foundations

/// Tasks as people keep them in a file beside their work:
///
/// ```yaml
/// project: acme/web          # of tasks that name none
/// tasks:
///   - description: Create a user registration API
///     priority: 2
///     metadata: {category: api}
///   - id: health-check
///     description: Add a health check
///     validation: {commands: [make test]}
/// ```
///
/// An entry holds the fields of a submission's `task` and, beside them, its other sections; or it is a whole submission.
/// A task without an id gets one that follows from what is to be done: the same file names the same tasks.
package struct TaskFile: Sendable, Hashable {
    /// A task of the file.
    package struct Entry: Sendable, Hashable {
        package let address: TaskAddress
        /// As the front door takes it.
        package let submission: JSONValue
        /// Where it stands.
        package let place: TextPlace?

        /// `COMPANY/PROJECT/TASK`
        package var name: String { "\(address.company)/\(address.project)/\(address.task)" }

        /// What is to be done, in a line.
        package var title: String {
            let task = submission["task"]
            let text = task?["title"]?.stringValue ?? task?["description"]?.stringValue ?? ""
            return String(text.trimmed.split(whereSeparator: \.isNewline).first ?? "")
        }
    }

    /// The most bytes of a file.
    package static let maximumBytes = 1 << 20

    package let entries: [Entry]

    package init(_ entries: [Entry]) { self.entries = entries }

    /// Throws where anything is not as it should be: a file holds as a whole or not at all.
    ///
    /// - Parameter project: Of tasks that name none, in a file that names none.
    package init(_ data: Data, project: TaskAddress?) throws(DocumentError) {
        guard data.count <= Self.maximumBytes else {
            throw DocumentError(reason: "larger than \(Self.maximumBytes) bytes")
        }
        guard let text = String(validating: data, as: UTF8.self) else { throw DocumentError(reason: "is not UTF-8") }
        var reader = TaskFileReader(document: try YAMLDocument(text))
        entries = try reader.entries(project)
    }
}
