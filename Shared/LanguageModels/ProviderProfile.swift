import Foundations

/// What a server of chat completions takes and what it refuses: as its row says (``rows``), and as its refusals taught
/// (``change(after:)``).
package struct ProviderProfile: Sendable, Hashable {
    /// What stands for the text of an assistant's message that only calls tools, from the usual to what everyone takes.
    package enum EmptyText: Int, Sendable, CaseIterable {
        case null, empty, absent, dot
    }

    /// Who says what holds for the whole conversation.
    package enum SystemRole: String, Sendable {
        case system, developer
        /// The server knows no such role: the first message of the user begins with it.
        case user
    }

    /// In what order messages may come, from the usual to the strictest.
    package enum Order: Int, Sendable {
        case any
        /// No message of the user directly after a tool's.
        case bridged
        /// Nobody but tools speaks twice in a row, either.
        case alternating
    }

    package var systemRole = SystemRole.system
    package var emptyText = EmptyText.null
    package var idForm = WireIDs.Form.strict
    package var order = Order.any
    /// The field that bounds a reply; `max_tokens` is what everyone but OpenAI understands.
    package var limitField = "max_tokens"
    /// Asks for the cost in `usage`, as OpenRouter reports it.
    package var asksForCost = false
    package var streams = true
    /// Whether the server knows no tools: they are described in the instructions, and called in texts.
    package var writesCalls = false
    /// Whether a prompt that is too long is cut without a word, and the window is to be asked for (Ollama).
    package var cutsSilently = false
    /// The window of a server that cuts silently, in tokens, as it said.
    package var window: Int?
    /// What a reply may have in tokens where nobody sets a number; `nil` leaves it to the server.
    package var replyRoom: Int?
    /// The most tokens that the server lets a reply have, as it said.
    package var largestReply: Int?
    /// Fields of the body that are left out.
    package var omittedFields: Set<String> = []
    /// Members that came with messages and calls and do not go back.
    package var omittedMembers: Set<String> = []
    /// Words of JSON Schema that are left out of tools.
    package var omittedKeywords: Set<String> = []
    /// Members that every assistant's message with calls must have, and what stands for one that it lacks.
    package var neededMembers: [String: String] = [:]
    /// Whether calls that came without a signature (from another model) get the one that passes for any.
    package var needsSignatures = false
    /// Whether no text may stand beside calls.
    package var callsStandAlone = false
    /// Whether each call needs a message of its own.
    package var callsComeSingly = false
    /// What refusals taught; each is taken once.
    package var learnt: Set<ProfileChange> = []

    package init() {}
}

/// One thing that a server taught by a refusal, or by a reply that it cut.
package enum ProfileChange: Sendable, Hashable {
    case systemRole(ProviderProfile.SystemRole)
    case emptyText(ProviderProfile.EmptyText)
    case idForm(WireIDs.Form)
    case order(ProviderProfile.Order)
    case limitField(String)
    /// Answers come whole: the server cannot stream.
    case whole
    /// The server, or the model, knows no tools.
    case writtenCalls
    case withoutField(String)
    case withoutMember(String)
    case withoutKeyword(String)
    case needsMember(String, text: String)
    case needsSignatures
    case callsAlone
    case callsSingly
    case largestReply(Int)
    case replyRoom(Int)
    /// The window of a server that cuts silently; `nil` if it does not say.
    case window(Int?)
    /// The room that was asked for does not fit into the window.
    case withoutRoom
}

extension ProviderProfile {
    /// This profile after `change`.
    package func applying(_ change: ProfileChange) -> ProviderProfile {
        var profile = self
        profile.learnt.insert(change)
        switch change {
        case .systemRole(let role): profile.systemRole = role
        case .emptyText(let text): profile.emptyText = text
        case .idForm(let form): profile.idForm = form
        case .order(let order): profile.order = order
        case .limitField(let name): profile.limitField = name
        case .whole: profile.streams = false
        case .writtenCalls:
            profile.writesCalls = true
            // Results are messages of the user now.
            profile.order = .alternating
        case .withoutField(let name): profile.omittedFields.insert(name)
        case .withoutMember(let name):
            profile.omittedMembers.insert(name)
            profile.neededMembers[name] = nil
        case .withoutKeyword(let name): profile.omittedKeywords.insert(name)
        case .needsMember(let name, let text):
            profile.neededMembers[name] = text
            profile.omittedMembers.remove(name)
        case .needsSignatures: profile.needsSignatures = true
        case .callsAlone: profile.callsStandAlone = true
        case .callsSingly: profile.callsComeSingly = true
        case .largestReply(let tokens): profile.largestReply = tokens
        case .replyRoom(let tokens): profile.replyRoom = tokens
        case .window(let tokens): profile.window = tokens
        case .withoutRoom: profile.replyRoom = nil
        }
        return profile
    }

    var knowsWindow: Bool {
        learnt.contains { change in
            if case .window = change { true } else { false }
        }
    }

    /// Whether a refusal taught something that `change` would undo or repeat.
    func has(_ change: ProfileChange) -> Bool { learnt.contains(change) || applying(change).isLike(self) }

    private func isLike(_ other: ProviderProfile) -> Bool {
        var (mine, others) = (self, other)
        (mine.learnt, others.learnt) = ([], [])
        return mine == others
    }
}

extension ProfileChange: CustomStringConvertible {
    /// Reads on after "from now on".
    package var description: String {
        switch self {
        case .systemRole(let role): "instructions come from the role \(role.rawValue)"
        case .emptyText: "messages without text have another form"
        case .idForm: "ids of calls have another form"
        case .order: "messages come in a stricter order"
        case .limitField(let name): "replies are bounded by \(name)"
        case .whole: "replies are not streamed"
        case .writtenCalls: "tools are described in its instructions, where no other model answers"
        case .withoutField(let name), .withoutMember(let name), .withoutKeyword(let name): "\(name) is left out"
        case .needsMember(let name, _): "\(name) is never missing"
        case .needsSignatures: "calls of other models get a signature"
        case .callsAlone: "no text stands beside calls"
        case .callsSingly: "each call has a message of its own"
        case .largestReply(let tokens), .replyRoom(let tokens): "replies have room for \(tokens) tokens"
        case .window: "the window is known"
        case .withoutRoom: "the room for replies is left to the server"
        }
    }
}
