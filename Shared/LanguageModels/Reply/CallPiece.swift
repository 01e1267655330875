import Foundations

/// A tool call, or a piece of one, as a provider sends it.
struct CallPiece: Equatable {
    var index: Int?
    /// `nil` where it is absent or empty.
    var id: String?
    /// Empty where it is absent.
    var name = ""
    /// Text as it came; the JSON text of any other value.
    var arguments = ""
    /// What this system does not read, see ``ToolCall/extras``.
    var extras: [String: JSONValue] = [:]

    /// The longest name and id that are kept.
    static let maximumNameBytes = 128

    /// `nil` if `json` is no object.
    init?(_ json: JSONValue) {
        guard let members = json.objectValue else { return nil }
        // Some servers leave out the level of `function`.
        let function = members["function"]?.objectValue ?? members.filter { ["name", "arguments"].contains($0.key) }
        index = members["index"]?.intValue ?? members["index"]?.stringValue.flatMap { Int($0) }
        id = Self.id(members["id"])
        name = String((function["name"]?.stringValue ?? "").prefix(bytes: Self.maximumNameBytes))
        arguments = Self.arguments(function["arguments"] ?? function["parameters"])
        extras = members.filter { !["index", "id", "type", "function"].contains($0.key) && $0.value != .null }
        guard members["function"]?.objectValue != nil else {
            extras["name"] = nil
            extras["arguments"] = nil
            return
        }
        let more = function.filter { !["name", "arguments"].contains($0.key) && $0.value != .null }
        if !more.isEmpty { extras["function"] = .object(more) }
    }

    private static func id(_ value: JSONValue?) -> String? {
        let text = value?.stringValue ?? value?.intValue.map(String.init) ?? ""
        return text.isEmpty ? nil : String(text.prefix(bytes: maximumNameBytes))
    }

    private static func arguments(_ value: JSONValue?) -> String {
        guard let value, value != .null else { return "" }
        return value.stringValue ?? (try? value.text()) ?? ""
    }
}
