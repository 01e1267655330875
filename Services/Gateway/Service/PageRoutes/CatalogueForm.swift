import Foundations
import GatewayPages

/// A spec of the catalogue as fields of a form, whose names are the paths of its members, and back.
enum CatalogueForm {
    private static let credentials = "repository.credentials"
    /// What is a list, an item a line.
    private static let lists: Set<String> = ["fallbacks", "tags", "validation.commands"]
    /// What is a number.
    private static let numbers: Set<String> = [
        "max_running", "max_waiting", "max_iterations", "max_retries", "task_timeout", "checkpoint_days",
        "agent.max_cost_usd", "agent.max_iterations",
    ]
    private static let flags: Set<String> = ["push", "delivery.push", "validation.require_tests"]

    /// The members that a form can show, each as its field has it.
    static func values(_ spec: JSONValue?) -> [String: String] {
        var values: [String: String] = [:]
        read(spec ?? .null, "", into: &values)
        return values
    }

    private static func read(_ value: JSONValue, _ path: String, into values: inout [String: String]) {
        switch value {
        case .null: break
        case .bool(let flag): values[path] = flag ? "true" : "false"
        case .int(let number): values[path] = "\(number)"
        case .double(let number): values[path] = "\(number)"
        case .string(let text): values[path] = text
        case .array(let items): values[path] = items.compactMap(\.stringValue).joined(separator: "\n")
        case .object(let members):
            for (name, member) in members { read(member, path.isEmpty ? name : "\(path).\(name)", into: &values) }
        }
    }

    /// The spec that a form asks for: what it shows in place of what was there, and the rest as it is. A field that is left
    /// empty leaves its member open.
    static func spec(_ form: SentForm, of page: Form, over current: JSONValue?) throws(Problem) -> JSONValue {
        var spec = current ?? .object([:])
        let shown = values(current)
        for field in page.groups.flatMap(\.fields) where !field.name.hasPrefix(credentials) {
            let text = form.text(field.name)?.replacing("\r\n", with: "\n")
            // What was not changed stays as it is: a command of several lines would come apart.
            guard text != shown[field.name] else { continue }
            let path = field.name.split(separator: ".").map { String($0) }
            spec.set(try value(form, field.name), at: path[...])
        }
        if let token = form.text("\(credentials).access_token") {
            var sent: [String: JSONValue] = ["credential_type": "access_token", "access_token": .string(token)]
            sent["username"] = form.text("\(credentials).username").map(JSONValue.string)
            spec.set(.object(sent), at: ["repository", "credentials"])
        }
        return spec
    }

    private static func value(_ form: SentForm, _ name: String) throws(Problem) -> JSONValue? {
        guard let text = form.text(name)?.replacing("\r\n", with: "\n") else { return nil }
        if lists.contains(name) {
            let lines = text.split(separator: "\n").map { $0.trimmed }.filter { !$0.isEmpty }
            guard !lines.isEmpty else { return nil }
            return .array(lines.map(JSONValue.string))
        }
        if flags.contains(name) { return .bool(text == "true") }
        guard numbers.contains(name) || name.hasPrefix("worker_concurrency.") else { return .string(text) }
        guard let number = try form.number(name) else { return nil }
        if let whole = Int(exactly: number) { return .int(whole) }
        return .double(number)
    }
}

extension JSONValue {
    /// Puts a value at a path of members; `nil` takes away what is there, and objects that are empty then.
    fileprivate mutating func set(_ value: JSONValue?, at path: ArraySlice<String>) {
        guard let name = path.first else { return }
        var members = objectValue ?? [:]
        if path.count == 1 {
            members[name] = value
        } else {
            var inner = members[name] ?? .object([:])
            inner.set(value, at: path.dropFirst())
            if inner == .object([:]) { members.removeValue(forKey: name) } else { members[name] = inner }
        }
        self = .object(members)
    }
}
