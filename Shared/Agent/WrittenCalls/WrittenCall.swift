import Foundations
import LanguageModels

/// A call as it stands in a text.
struct WrittenCall: Equatable {
    var name: String
    /// The arguments as text, as in a call that came apart from the text; `nil` if there are none.
    var arguments: String?
}

extension WrittenCall {
    private static let names: Set = ["name", "tool", "toolname", "function", "functionname"]
    private static let arguments: Set = ["arguments", "args", "parameters", "params", "input", "toolinput"]
    private static let labels: Set = ["id", "type", "callid", "toolcallid", "index"]
    private static let lists: Set = ["toolcalls", "toolcall", "functioncall", "calls"]

    /// The calls that `value` is: `{"name": …, "arguments": {…}}`, such an object in another or a list of them. `nil` if
    /// it is something else.
    static func calls(in value: WrittenValue) -> [WrittenCall]? {
        switch value {
        case .list(let items):
            let found = items.compactMap { Self.calls(in: $0) }
            return found.isEmpty || found.count < items.count ? nil : found.flatMap(\.self)
        case .object(let members): return calls(in: members)
        default: return nil
        }
    }

    private static func calls(in members: [WrittenValue.Member]) -> [WrittenCall]? {
        let rest = members.filter { !labels.contains(ParameterNames.plain($0.name)) }
        if rest.count == 1, let only = rest.first {
            switch only.value {
            case .list where lists.contains(ParameterNames.plain(only.name)): return calls(in: only.value)
            case .object where lists.contains(ParameterNames.plain(only.name)) || only.name == "function":
                return calls(in: only.value)
            default: break
            }
        }
        var call: (name: String?, arguments: String?)
        for member in rest {
            switch (ParameterNames.plain(member.name), member.value) {
            case (let plain, .text(let name)) where names.contains(plain) && call.name == nil: call.name = name
            case (let plain, .text(let text)) where arguments.contains(plain) && call.arguments == nil:
                call.arguments = text
            case (let plain, .object) where arguments.contains(plain) && call.arguments == nil:
                call.arguments = member.value.json(.compact)
            case (let plain, .null) where arguments.contains(plain) && call.arguments == nil: call.arguments = "{}"
            default: return nil
            }
        }
        return call.name.map { [WrittenCall(name: $0, arguments: call.arguments)] }
    }
}
