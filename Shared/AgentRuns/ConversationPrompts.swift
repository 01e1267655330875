/// What a conversation begins with.
package struct ConversationPrompts: Codable, Sendable, Hashable {
    package let system: String
    package let task: String
    /// What the model takes at once, in tokens; `nil` in what earlier versions recorded.
    package let contextTokens: Int?

    package init(system: String, task: String, contextTokens: Int? = nil) {
        self.system = system
        self.task = task
        self.contextTokens = contextTokens
    }
}
