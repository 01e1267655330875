/// A part of a page that stands by itself: it has an id, and a stream replaces it as a whole.
package protocol Fragment: Sendable {
    /// The name of its template.
    static var template: String { get }
}

extension Fragment {
    /// Its markup: one element with an id.
    package func render(for visitor: Visitor) -> String { Templates.render(self, with: Self.template, for: visitor) }
}

/// What stands in the frame of a page: everything that is shown, already decided.
package protocol Page: Sendable {
    /// The name of its template.
    static var template: String { get }
    /// Where it belongs in the navigation; `nil` for none.
    static var section: Section? { get }
    var title: String { get }
}

extension Page {
    package static var section: Section? { nil }

    /// The whole document.
    package func render(in frame: Frame) -> String {
        let content = HTML(trusted: Templates.render(self, with: Self.template, for: frame.visitor))
        return Templates.render(
            Layout(frame, title: title, section: Self.section, content: content), with: "layout", for: frame.visitor)
    }
}

/// The entries of the navigation, in its order. A new one is a case, a row of ``row`` and a page.
package enum Section: String, Sendable, CaseIterable {
    case fleet, tasks, queue, models, logs, reports, projects, settings

    /// Its name, its path, and the key that leads there after `g`.
    package var row: (name: String, path: String, key: String) {
        switch self {
        case .fleet: ("Fleet", "/", "f")
        case .tasks: ("Tasks", "/tasks", "t")
        case .queue: ("Queue", "/queue", "q")
        case .models: ("Models", "/models", "m")
        case .logs: ("Logs", "/logs", "l")
        case .reports: ("Reports", "/reports", "r")
        case .projects: ("Projects", "/projects", "p")
        case .settings: ("Settings", "/settings", "s")
        }
    }
}
