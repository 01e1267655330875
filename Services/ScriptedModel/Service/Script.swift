import Foundations

/// What the server plays: roles, each with its turns.
package struct Script: Sendable, Decodable {
    /// Added before every answer, in milliseconds.
    package var latencyMilliseconds = 0
    /// The names that `GET /v1/models` lists.
    package var models = ["scripted"]
    /// Random faults on top of those that turns name.
    package var faults: RandomFaults?
    /// The rules of a strict provider; the first that is broken answers.
    package var refusals: [Refusal] = []
    /// The first role that matches a request answers it.
    package var roles: [Role]

    enum CodingKeys: String, CodingKey, CaseIterable {
        case latencyMilliseconds = "latency_ms"
        case models, faults, roles
        case refusals = "refuse"
    }

    package init(roles: [Role], faults: RandomFaults? = nil, latencyMilliseconds: Int = 0) {
        self.roles = roles
        self.faults = faults
        self.latencyMilliseconds = latencyMilliseconds
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
        latencyMilliseconds = try values.decodeIfPresent(Int.self, forKey: .latencyMilliseconds) ?? 0
        models = try values.decodeIfPresent([String].self, forKey: .models) ?? ["scripted"]
        faults = try values.decodeIfPresent(RandomFaults.self, forKey: .faults)
        refusals = try values.decodeIfPresent([Refusal].self, forKey: .refusals) ?? []
        roles = try values.decode([Role].self, forKey: .roles)
    }
}

/// One part in the play, chosen by what a request looks like.
package struct Role: Sendable, Decodable {
    /// What comes after the last turn.
    package enum Afterwards: String, Sendable, Decodable {
        /// The last turn again.
        case `repeat`
        /// An error that says so.
        case error
    }

    /// Where the turns of a conversation are counted from.
    package enum Start: String, Sendable, Decodable {
        /// From its beginning.
        case conversation
        /// From its last user message: a new request in the same conversation starts the turns again.
        case lastUserMessage = "last_user_message"
    }

    package var name: String
    package var when: Condition
    package var after: Afterwards = .repeat
    package var countFrom: Start = .conversation
    /// Turn `n` answers a conversation that holds `n` assistant messages already.
    package var turns: [Turn]

    enum CodingKeys: String, CodingKey, CaseIterable {
        case name, when, after, turns
        case countFrom = "count_from"
    }

    package init(_ name: String, when: Condition = Condition(), after: Afterwards = .repeat, turns: [Turn]) {
        self.name = name
        self.when = when
        self.after = after
        self.turns = turns
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
        when = try values.decodeIfPresent(Condition.self, forKey: .when) ?? Condition()
        name = try values.decodeIfPresent(String.self, forKey: .name) ?? when.tools.first ?? "any"
        after = try values.decodeIfPresent(Afterwards.self, forKey: .after) ?? .repeat
        countFrom = try values.decodeIfPresent(Start.self, forKey: .countFrom) ?? .conversation
        turns = try values.decode([Turn].self, forKey: .turns)
    }
}

/// What a request must look like for a role to answer it. All that is given must hold.
package struct Condition: Sendable, Decodable {
    /// Tools that the request must offer.
    package var tools: [String] = []
    /// A text that some message must hold.
    package var contains: String?
    /// The model that the request must name.
    package var model: String?

    enum CodingKeys: String, CodingKey, CaseIterable { case tools, contains, model }

    package init(tools: [String] = [], contains: String? = nil, model: String? = nil) {
        self.tools = tools
        self.contains = contains
        self.model = model
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.strictContainer(keyedBy: CodingKeys.self)
        tools = try values.decodeIfPresent([String].self, forKey: .tools) ?? []
        contains = try values.decodeIfPresent(String.self, forKey: .contains)
        model = try values.decodeIfPresent(String.self, forKey: .model)
    }

    func holds(for request: CompletionRequest) -> Bool {
        Set(tools).isSubset(of: request.toolNames)
            && (model.map { $0 == request.model } ?? true)
            && (contains.map { text in request.messages.contains { $0.text.contains(text) } } ?? true)
    }
}
