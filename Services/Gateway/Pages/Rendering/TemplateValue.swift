/// What a template sees of a value: its stored properties by their names. The template library would reflect a value at
/// each mention of one of its names; here that happens once.
enum TemplateValue {
    /// Texts, numbers and truth values are themselves, a case of an enumeration is its name, what is absent is `nil`.
    static func of(_ value: Any) -> Any? {
        if let text = value as? String { return text }
        if let truth = value as? Bool { return truth }
        if let number = value as? Int { return number }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.flatMap { of($0.value) }
        case .collection: return mirror.children.compactMap { of($0.value) }
        case .enum where mirror.children.isEmpty: return String(describing: value)
        default: return members(mirror)
        }
    }

    private static func members(_ mirror: Mirror) -> [String: Any] {
        mirror.children.reduce(into: [:]) { members, child in
            if let name = child.label { members[name] = of(child.value) }
        }
    }
}
