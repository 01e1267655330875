import Contracts
import Foundations
import LanguageModels

/// Everything a conversation knows. It follows from its inputs and the journaled results alone.
struct ConversationState: Sendable {
    private(set) var messages: [ChatMessage]
    private(set) var digest = Digest()
    var usage = Usage.zero
    var iterations = 0
    var todos = ""
    var steering: [String] = []
    /// Notes for the next turn.
    var notes: [String] = []
    var wrappedUp = false
    /// Replies without a tool call in a row.
    var idleReplies = 0
    var summaries = 0
    /// Requests in a row that the provider found too long.
    var overflows = 0
    /// Whether nothing is left to shorten: from then on a model with a larger window may answer.
    var isShortest = false
    var writtenCalls = WrittenCallsSeen()
    /// What the model takes at once, in tokens: as configured, or less once the provider has refused as much.
    var contextTokens: Int
    var loops = LoopDetector()
    var estimate: TokenEstimate
    private var callIDs: Set<String> = []

    init(system: String, task: String, tools: [ToolDefinition], contextTokens: Int) {
        messages = []
        self.contextTokens = contextTokens
        estimate = TokenEstimate(tools: tools)
        append(.system(system))
        append(.user(task))
    }

    mutating func append(_ message: ChatMessage) {
        messages.append(message)
        digest.add(message)
    }

    /// Puts other messages in place of all.
    mutating func replace(_ messages: [ChatMessage]) {
        self.messages = messages
        digest = Digest()
        for message in messages { digest.add(message) }
    }

    /// Adds the model's message. Ids that were used before are changed: results are paired by them.
    mutating func append(reply: ChatMessage) -> [ToolCall] {
        var message = reply
        if message.toolCalls.isEmpty, (message.content ?? "").isEmpty { message.content = "[empty reply]" }
        for index in message.toolCalls.indices {
            var id = message.toolCalls[index].id
            if id.isEmpty { id = "call" }
            var unique = id
            var number = 2
            while !callIDs.insert(unique).inserted {
                unique = "\(id)-\(number)"
                number += 1
            }
            message.toolCalls[index].id = unique
        }
        append(message)
        return message.toolCalls
    }

    /// About how many tokens the next request has.
    var tokens: Int { estimate.tokens(of: messages) }
}
