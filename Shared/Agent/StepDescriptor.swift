/// Names one step of a conversation before it is taken.
package struct StepDescriptor: Sendable, Hashable {
    package enum Kind: String, Sendable, Codable {
        case modelCall = "model_call"
        case toolCall = "tool_call"
    }

    package var kind: Kind
    /// For a model call `turn` or `summary`, for a tool call the tool's name as the model wrote it.
    package var name: String
    /// A digest (FNV-1a, 64 bits, hexadecimal) of what the step was asked to do: the conversation so far, or the call's
    /// name and arguments. A replay with another digest means that prompts or settings changed in between.
    package var requestHash: String?
    /// The model turn that the step belongs to, from 1.
    package var iteration: Int

    package init(kind: Kind, name: String, requestHash: String?, iteration: Int) {
        self.kind = kind
        self.name = name
        self.requestHash = requestHash
        self.iteration = iteration
    }
}
