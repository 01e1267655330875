import ServiceKit

/// What a conversation begins with.
package struct ConversationPrompts: Codable, Sendable, Hashable {
    package let system: String
    package let task: String

    package init(system: String, task: String) {
        self.system = system
        self.task = task
    }
}
