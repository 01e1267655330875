import Foundations

/// What an operator says of a model: by settings for all, by a row of `MODEL_FILE` for one.
package struct ModelTuning: Sendable, Hashable {
    /// US dollars for a million tokens.
    package struct Price: Sendable, Hashable, Codable {
        package var prompt: Double
        package var completion: Double

        package init(prompt: Double, completion: Double) {
            self.prompt = prompt
            self.completion = completion
        }

        /// What `usage` costs, in US dollars.
        package func cost(of usage: TokenUsage) -> Double {
            (Double(usage.promptTokens) * prompt + Double(usage.completionTokens) * completion) / 1e6
        }
    }

    /// What the model takes at once, in tokens.
    package var context: Int?
    /// The most tokens that a reply may have.
    package var maxTokens: Int?
    package var temperature: Double?
    /// Further fields of the body.
    package var extra: [String: JSONValue] = [:]
    package var price: Price?

    package init() {}

    /// This, with what `other` says of more models where this says nothing.
    func over(_ other: ModelTuning) -> ModelTuning {
        var tuning = self
        tuning.context = context ?? other.context
        tuning.maxTokens = maxTokens ?? other.maxTokens
        tuning.temperature = temperature ?? other.temperature
        tuning.extra = extra.merging(other.extra) { mine, _ in mine }
        tuning.price = price ?? other.price
        return tuning
    }
}

/// The rows of `MODEL_FILE`: a JSON object by the names of models, `*` at the end stands for the rest of a name.
package struct ModelFile: Sendable, Hashable {
    private var rows: [String: ModelTuning] = [:]

    package init() {}

    /// Reads the file's content. Throws what is wrong with it, in words.
    package init(parsing text: String) throws(ModelSettingsError) {
        do {
            guard let rows = try JSONValue(parsing: text).objectValue else {
                throw ModelSettingsError(Self.name, "holds no JSON object")
            }
            for (name, value) in rows { self.rows[name.lowercased()] = try Self.tuning(value, of: name) }
        } catch let error as ModelSettingsError {
            throw error
        } catch {
            throw ModelSettingsError(Self.name, "is \(error)")
        }
    }

    private static let name = "MODEL_FILE"

    /// What is said of `model`: the row of its name, then those of the longest beginnings.
    package func tuning(of model: String) -> ModelTuning {
        let model = model.lowercased()
        let matching = rows.filter { row in
            row.key == model || row.key.last == "*" && model.hasPrefix(row.key.dropLast())
        }
        return matching.sorted { $0.key.count > $1.key.count }.reduce(ModelTuning()) { $0.over($1.value) }
    }

    private static func tuning(_ value: JSONValue, of model: String) throws(ModelSettingsError) -> ModelTuning {
        func refuse(_ member: String, _ expected: String) -> ModelSettingsError {
            ModelSettingsError(name, "says of \(model.prefix(64)) \(member.prefix(64)), where \(expected) is expected")
        }
        guard let members = value.objectValue else { throw refuse("no object", "one") }
        var tuning = ModelTuning()
        for (key, value) in members {
            switch key {
            case "context":
                guard let number = value.intValue, ModelSettings.contexts.contains(number) else {
                    throw refuse(key, "a number of tokens")
                }
                tuning.context = number
            case "max_tokens":
                guard let number = value.intValue, ModelSettings.replies.contains(number) else {
                    throw refuse(key, "a number of tokens")
                }
                tuning.maxTokens = number
            case "temperature":
                guard let number = value.doubleValue, (0...2).contains(number) else { throw refuse(key, "0 to 2") }
                tuning.temperature = number
            case "extra":
                guard let fields = value.objectValue else { throw refuse(key, "an object") }
                tuning.extra = fields
            case "price":
                guard let price = try? value.decode(ModelTuning.Price.self), price.prompt >= 0, price.completion >= 0
                else { throw refuse(key, "prompt and completion in US dollars for a million tokens") }
                tuning.price = price
            default: throw refuse(key, "context, max_tokens, temperature, extra or price")
            }
        }
        return tuning
    }
}
