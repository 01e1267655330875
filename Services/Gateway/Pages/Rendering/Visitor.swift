/// Who looks at a page, and from where: what a part of it shows depends on no more.
package struct Visitor: Sendable, Hashable {
    /// What a token allows, from the least to the most.
    package enum Role: String, Sendable, Comparable, CaseIterable {
        case viewer, `operator`, admin

        package static func < (left: Role, right: Role) -> Bool {
            Role.allCases.firstIndex(of: left) ?? 0 < Role.allCases.firstIndex(of: right) ?? 0
        }
    }

    /// The name of the token, for example `alice`.
    package var name: String
    package var role: Role
    /// The company that is seen alone; `nil` for all.
    package var company: String?
    /// What every form sends along.
    package var csrf: String
    /// The path and query of the page, to which an action leads back.
    package var page: String

    /// Where an action leads back to: within the dashboard, whatever was asked for.
    var pageHref: String { Link("", to: page).href ?? "/" }

    package init(name: String, role: Role, company: String? = nil, csrf: String, page: String) {
        self.name = name
        self.role = role
        self.company = company
        self.csrf = csrf
        self.page = page
    }
}
