import Contracts
import Foundations
import LanguageModels

/// How a conversation ended. One whose task is cancelled has no end: it throws `CancellationError`.
package enum ConversationEnd: Sendable, Equatable {
    /// The model called the final tool and the call was accepted.
    case finished(FinalCall)
    case iterationsExhausted
    case budgetExhausted
    /// The limit of money cannot be kept: nobody knows what this model costs.
    case unpriced(String)
    /// The model goes round in circles or no longer uses tools; the reason is for people.
    case stuck(String)
    case modelFailed(ModelError)
}

/// The call that ended a conversation.
package struct FinalCall: Sendable, Hashable {
    package let name: String
    /// The checked arguments, an object.
    package let arguments: JSONValue

    package init(name: String, arguments: JSONValue) {
        self.name = name
        self.arguments = arguments
    }
}

/// The end of a conversation and what it took.
package struct ConversationOutcome: Sendable {
    package let end: ConversationEnd
    /// All model calls, replayed ones included.
    package let usage: Usage
    /// Model turns taken.
    package let iterations: Int
    /// The todo list as the model left it; empty if it made none.
    package let todos: String
}
