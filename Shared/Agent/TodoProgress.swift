/// How far a model's own list of its work is.
package struct TodoProgress: Sendable, Hashable {
    package let done: Int
    package let all: Int

    /// Reads the list as `update_todos` writes it, see ``ToolResult/todos``; `nil` if there is nothing on it.
    package init?(list: String) {
        let items = list.split(separator: "\n").filter { $0.hasPrefix("[") }
        guard !items.isEmpty else { return nil }
        all = items.count
        done = items.count { $0.hasPrefix("[x]") }
    }
}

extension ConversationOutcome {
    /// How far the list is that the model left; `nil` if it made none.
    package var progress: TodoProgress? { TodoProgress(list: todos) }
}
