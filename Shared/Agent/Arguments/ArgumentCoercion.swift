import Foundations

/// Turns what a model wrote into the arguments that it meant, by the parameters of the tool: numbers, flags and lists
/// that are written as texts, a value where a list is asked for and a list of one where a value is, `null` in words.
///
/// Coercion invents nothing: what has no one meaning is a ``ToolError`` that says what is expected.
enum ArgumentCoercion {
    /// The members of an object with `parameters`, without those that are not given. `path` begins the names in errors.
    static func members(
        _ members: [WrittenValue.Member], of parameters: [ToolParameter], path: String = ""
    ) throws -> [String: JSONValue] {
        let assigned = try ParameterNames.assign(members, to: parameters, path: path)
        var meant: [String: JSONValue] = [:]
        for parameter in parameters {
            guard let value = assigned[parameter.name], !isAbsent(value, parameter.kind) else {
                guard !parameter.isRequired else {
                    throw ToolError("`\(path)\(parameter.name)` is missing: give \(parameter.kind.noun).")
                }
                continue
            }
            let place = Place(path: path + parameter.name, parameter: parameter.name)
            meant[parameter.name] = try self.value(value, parameter.kind, place)
        }
        return meant
    }

    /// Which value is looked at.
    private struct Place {
        /// The value's name in errors.
        var path: String
        /// The parameter that it is, or is a part of.
        var parameter: String

        func error(_ kind: ToolParameter.Kind, _ advice: String = "") -> ToolError {
            ToolError("`\(path)` must be \(kind.noun).\(advice.isEmpty ? "" : " \(advice)")")
        }

        func element(_ index: Int) -> Place { Place(path: "\(path)[\(index)]", parameter: parameter) }
    }

    /// A blank text is no number and no list, but it is a text.
    private static func isAbsent(_ value: WrittenValue, _ kind: ToolParameter.Kind) -> Bool {
        switch (kind, value) {
        case (.text, .text): false
        case (.choice(let values), .text(let text)) where values.contains(text): false
        default: value.isNothing
        }
    }

    private static func value(
        _ value: WrittenValue, _ kind: ToolParameter.Kind, _ place: Place
    ) throws -> JSONValue {
        switch kind {
        case .text: return .string(try text(value, place))
        case .list(let element): return .array(try list(value, element, place))
        default: break
        }
        if case .list(let items) = value, items.count == 1 { return try self.value(items[0], kind, place) }
        switch (kind, value) {
        case (.integer, .number(let digits)), (.integer, .text(let digits)):
            // `007` and `+7` are numbers, though not in JSON.
            guard let number = Int(digits.trimmed) ?? (try? JSONValue(parsing: digits))?.intValue else {
                throw place.error(kind)
            }
            return .int(number)
        case (.flag, _):
            guard let flag = Self.flag(value) else { throw place.error(kind) }
            return .bool(flag)
        case (.choice(let values), .text(let text)):
            guard let choice = Self.choice(text, of: values) else { throw place.error(kind) }
            return .string(choice)
        case (.object(let parameters), .object(let members)):
            return .object(try self.members(members, of: parameters, path: place.path + "."))
        case (.object, .text(let text)) where text.trimmed.hasPrefix("{"):
            return try self.value(packed(text, kind, place), kind, place)
        default: throw place.error(kind)
        }
    }

    private static func flag(_ value: WrittenValue) -> Bool? {
        switch value {
        case .bool(let flag): flag
        case .number("1"): true
        case .number("0"): false
        case .text(let text):
            flags[text.trimmed.lowercased()]
        default: nil
        }
    }

    private static let flags = [
        "true": true, "yes": true, "on": true, "1": true, "false": false, "no": false, "off": false, "0": false,
    ]

    /// Other words for a choice. They count only where it is one.
    private static let otherChoices = [
        "completed": "done", "complete": "done", "finished": "done", "x": "done", "todo": "pending",
        "notstarted": "pending", "open": "pending", "started": "inprogress", "doing": "inprogress",
        "active": "inprogress", "current": "inprogress", "working": "inprogress",
    ]

    private static func choice(_ text: String, of values: [String]) -> String? {
        let plain = ParameterNames.plain(text)
        return values.first { $0 == text } ?? values.first { ParameterNames.plain($0) == plain }
            ?? values.first { ParameterNames.plain($0) == otherChoices[plain] }
    }

    // MARK: Lists

    private static func list(
        _ value: WrittenValue, _ element: ToolParameter.Kind, _ place: Place
    ) throws -> [JSONValue] {
        switch value {
        case .list(let items):
            return try items.enumerated().map { try self.value($1, element, place.element($0)) }
        case .object(let members) where members.count == 1 && isList(members[0]):
            return try list(members[0].value, element, place)
        case .text(let text) where text.trimmed.hasPrefix("["):
            // A text may begin with a bracket and be one element; with one at both ends it is meant as a list.
            guard let items = try bracketed(text, .list(element), place) else { fallthrough }
            return try list(items, element, place)
        default: return [try self.value(value, element, place.element(0))]
        }
    }

    /// Whether a member of an object is the list that the object stands for, as in XML: `{"item": ["one", "two"]}`.
    private static func isList(_ member: WrittenValue.Member) -> Bool {
        guard case .list = member.value else { return false }
        return ["item", "items", "element", "elements"].contains(ParameterNames.plain(member.name))
    }

    private static func bracketed(
        _ text: String, _ kind: ToolParameter.Kind, _ place: Place
    ) throws -> WrittenValue? {
        do {
            return try packed(text, kind, place)
        } catch let error {
            guard isCut(text) || text.trimmed.hasSuffix("]") else { return nil }
            throw error
        }
    }

    private static func isCut(_ text: String) -> Bool {
        do {
            _ = try NearlyJSON.parse(text)
            return false
        } catch {
            return error == .cut
        }
    }

    /// The value that is written as a JSON text.
    private static func packed(
        _ text: String, _ kind: ToolParameter.Kind, _ place: Place
    ) throws -> WrittenValue {
        do {
            return try NearlyJSON.parse(text)
        } catch NearlyJSON.Failure.cut {
            throw place.error(kind, "Its text ends in the middle: it may have been cut.")
        } catch {
            throw place.error(kind, "Give it as JSON, not as a text.")
        }
    }

    // MARK: Texts

    private static func text(_ value: WrittenValue, _ place: Place) throws -> String {
        switch value {
        case .text(let text): return text
        case .number(let digits): return digits
        case .bool(let flag): return flag ? "true" : "false"
        case .null: throw place.error(.text)
        case .list, .object: break
        }
        switch TextStyle.of(place.parameter) {
        case .command:
            guard case .list(let words) = value else { throw place.error(.text) }
            return try ShellWords.command(words.map { try word($0, place) })
        case .document where !value.isListOfTexts: return value.json(.lines)
        case .document: throw place.error(.text, "Join the lines of the array with line breaks.")
        case .note where value.onlyItem == nil: return value.json(.compact)
        case .note, .plain:
            guard let item = value.onlyItem else { throw place.error(.text) }
            return try word(item, place)
        }
    }

    private static func word(_ value: WrittenValue, _ place: Place) throws -> String {
        switch value {
        case .text(let text): return text
        case .number(let digits): return digits
        default: throw place.error(.text)
        }
    }
}

/// What an object or a list is where a parameter is a text.
private enum TextStyle {
    /// A file or a part of one: JSON that is laid out.
    case document
    /// A remark: JSON on one line.
    case note
    /// A command: a list is its words.
    case command
    /// Nothing: a path that is an object is a mistake.
    case plain

    private static let styles: [String: TextStyle] = [
        "content": .document, "old_text": .document, "new_text": .document, "command": .command, "goal": .note,
        "steps": .note, "validation_criteria": .note, "summary": .note,
    ]

    static func of(_ parameter: String) -> TextStyle { styles[parameter] ?? .plain }
}

extension WrittenValue {
    fileprivate var onlyItem: WrittenValue? {
        guard case .list(let items) = self, items.count == 1 else { return nil }
        return items[0]
    }

    /// Whether it is a list of nothing but texts: more likely the lines of a file than data.
    fileprivate var isListOfTexts: Bool {
        guard case .list(let items) = self else { return false }
        return items.allSatisfy { if case .text = $0 { true } else { false } }
    }
}
