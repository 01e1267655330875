/// The paths of pages and actions. Whatever stands in one is encoded: no value leads out of its place.
package enum Place {
    package static let signIn = "/sign-in"
    package static let signInAction = "/actions/sign-in"
    package static let signOutAction = "/actions/sign-out"
    /// A new task: `description`, `project` (company/project), `priority`, `title`, `approval`, `max_cost_usd`, `push`.
    package static let newTask = "/actions/tasks"
    /// Several tasks: `action`, and `task` (company/project/task) of each or `scope=filter` with the filter's fields; without
    /// `confirmed` the answer is a ``BulkPage``, which says how many they are.
    package static let bulkAction = "/actions/tasks/bulk"
    /// `action` is `pause`, `resume` or `checkpoint`.
    package static let platformActions = "/actions/platform"
    /// A report is asked for, of `company` or of all.
    package static let newReport = "/actions/reports"
    /// The fields of ``SettingsPage``, with `company` where they are a company's.
    package static let settingsAction = "/actions/settings"
    /// The fields of ``LimitsForm``.
    package static let limitsAction = "/actions/limits"
    /// The fields of ``ProjectForm``.
    package static let projectAction = "/actions/projects"
    package static let tasks = "/tasks"

    package static func task(_ company: String, _ project: String, _ task: String) -> String {
        "/tasks/" + joined(company, project, task)
    }

    /// `action` and the fields of `control`.
    package static func taskActions(_ company: String, _ project: String, _ task: String) -> String {
        "/actions/tasks/" + joined(company, project, task)
    }

    /// `action` is `pause` or `resume`.
    package static func companyActions(_ company: String) -> String { "/actions/companies/" + joined(company) }

    /// `action` is `pause`, `resume`, `drain` or `restart`.
    package static func replicaActions(_ name: String) -> String { "/actions/replicas/" + joined(name) }

    /// A call to see whether the model answers.
    package static func modelCheck(_ name: String) -> String { "/actions/models/" + joined(name) }

    package static func report(_ id: String) -> String { "/reports/" + joined(id) }

    package static func project(_ company: String, _ project: String) -> String {
        "/projects/" + joined(company, project)
    }

    package static func removeProject(_ company: String, _ project: String) -> String {
        "/actions/projects/" + joined(company, project) + "/remove"
    }

    /// A path with a query of the fields that say something.
    package static func query(_ path: String, _ fields: [(name: String, value: String?)]) -> String {
        let parts = fields.compactMap { field in
            field.value.flatMap { $0.isEmpty ? nil : "\(encoded(field.name))=\(encoded($0))" }
        }
        return parts.isEmpty ? path : path + "?" + parts.joined(separator: "&")
    }

    private static func joined(_ parts: String...) -> String { parts.map(encoded).joined(separator: "/") }

    /// Each byte but the unreserved ones of RFC 3986 as `%XX`; a part of dots alone would be a step in a path.
    static func encoded(_ text: String) -> String {
        let isStep = text == "." || text == ".."
        return text.utf8.reduce(into: "") { result, byte in
            if isUnreserved(byte), !isStep {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

/// A text that leads somewhere.
package struct Link: Sendable, Hashable {
    package let text: String
    /// `nil` where the address is none that a page may lead to.
    package let href: String?

    /// Within the dashboard.
    package init(_ text: String, to place: String) {
        self.text = text
        href = place.hasPrefix("/") && !place.hasPrefix("//") && !place.contains("\\") ? place : nil
    }

    /// To a page of another host: by HTTP or HTTPS alone, and without a name or password in it.
    package init(_ text: String, outside address: String) {
        self.text = text
        href = Self.isPlain(address) ? address : nil
    }

    private static func isPlain(_ address: String) -> Bool {
        let lowercase = address.lowercased()
        guard let scheme = ["https://", "http://"].first(where: { lowercase.hasPrefix($0) }) else { return false }
        guard address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") }) else { return false }
        let host = address.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        return !host.isEmpty && !host.contains("@")
    }
}

/// The name of a task, which leads to its page.
package struct TaskName: Sendable, Hashable {
    package let company: String
    package let project: String
    package let task: String
    /// `acme/web/fix-login`.
    package let text: String
    package let href: String
    /// Where its forms go.
    package let action: String
    /// Its id in a page.
    package let key: String

    package init(company: String, project: String, task: String) {
        self.company = company
        self.project = project
        self.task = task
        text = "\(company)/\(project)/\(task)"
        href = Place.task(company, project, task)
        action = Place.taskActions(company, project, task)
        key = [company, project, task].map(Place.encoded).joined(separator: ".")
    }
}

/// One of the values that a field may have.
package struct Choice: Sendable, Hashable {
    package let value: String
    package let text: String
    package let isChosen: Bool

    package init(_ value: String, _ text: String? = nil, isChosen: Bool = false) {
        self.value = value
        self.text = text ?? value
        self.isChosen = isChosen
    }

    /// Choices of a list of values, one of them chosen; `all` is what no value says.
    package static func list(_ values: [String], chosen: String?, all: String? = nil) -> [Choice] {
        (all.map { [Choice("", $0, isChosen: chosen == nil)] } ?? [])
            + values.map { Choice($0, Words.sentence($0), isChosen: $0 == chosen) }
    }
}

/// The pages of a list: where newer and older items are.
package struct Pager: Sendable, Hashable {
    /// How many items the page shows, in words.
    package let count: String
    /// `nil` on the first page.
    package let newestHref: String?
    /// `nil` on the last page.
    package let olderHref: String?

    /// - Parameters:
    ///   - path: The path of the list.
    ///   - filter: The fields that it is asked by.
    ///   - cursor: What this page began behind.
    ///   - next: What the next page begins behind.
    package init(
        _ count: String, path: String, filter: [(name: String, value: String?)], cursor: String?, next: String?
    ) {
        self.count = count
        newestHref = cursor == nil ? nil : Place.query(path, filter)
        olderHref = next.map { Place.query(path, filter + [("cursor", $0)]) }
    }
}
