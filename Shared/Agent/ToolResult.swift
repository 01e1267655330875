import Contracts
import Foundations

/// What a call gave.
package struct ToolResult: Codable, Sendable, Hashable {
    /// What the model reads.
    package var content: String
    /// Whether the tool did what was asked. A command that ended with another exit code than 0 did not.
    package var ok: Bool
    /// One line for people.
    package var summary: String
    /// What the conversation itself keeps: the todo list.
    package var todos: String?
    package var discovery: DiscoveryRecorded?
    /// The file that the call wrote, relative to the root, if it is one that writes files.
    package var written: String?
    /// What the model names as a part of the work although nobody would expect it there.
    package var included: [String]?

    package init(
        _ content: String, ok: Bool = true, summary: String, todos: String? = nil, discovery: DiscoveryRecorded? = nil,
        written: String? = nil, included: [String]? = nil
    ) {
        self.content = content
        self.ok = ok
        self.summary = summary
        self.todos = todos
        self.discovery = discovery
        self.written = written
        self.included = included
    }
}
