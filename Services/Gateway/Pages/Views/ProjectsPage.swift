/// The projects that tasks are of.
package struct ProjectsPage: Page {
    /// One project.
    package struct Row: Sendable {
        package let name: String
        package let href: String
        package let tasksHref: String
        package let description: String?
        package let type: String
        package let status: Badge
        package let repository: String
        package let open: String
        package let changed: Moment?

        /// - Parameter open: How many of its tasks have not ended.
        package init(
            company: String, project: String, description: String, type: String, status: String, repository: String,
            open: Int, changed: Moment? = nil
        ) {
            name = "\(company)/\(project)"
            href = Place.project(company, project)
            tasksHref = Place.query(Place.tasks, [("company", company), ("project", project)])
            self.description = description.isEmpty ? nil : description
            self.type = Words.sentence(type)
            self.status = Badge(status: status)
            self.repository = repository
            self.open = Amount.count(open)
            self.changed = changed
        }
    }

    package static let template = "projects"
    package static let section: Section? = .projects
    package let title = "Projects"
    package var rows: [Row]
    package var pager: Pager
    /// Defines one.
    package var form: Form

    package init(rows: [Row], pager: Pager, form: Form) {
        self.rows = rows
        self.pager = pager
        self.form = form
    }
}

/// A project.
package struct ProjectPage: Page {
    package static let template = "project"
    package static let section: Section? = .projects
    package let title: String
    package let status: Badge
    package let facts: [Fact]
    /// Defines its next version.
    package let form: Form
    package let removeAction: String
    package let versions: [SettingsPage.Version]
    package let hasVersions: Bool

    package init(
        company: String, project: String, status: String, facts: [Fact], form: Form,
        versions: [SettingsPage.Version] = []
    ) {
        title = "\(company)/\(project)"
        self.status = Badge(status: status)
        self.facts = facts
        self.form = form
        removeAction = Place.removeProject(company, project)
        self.versions = versions
        hasVersions = !versions.isEmpty
    }
}
