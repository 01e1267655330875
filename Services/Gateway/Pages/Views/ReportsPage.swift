/// The reports that were written.
package struct ReportsPage: Page {
    /// One report.
    package struct Row: Sendable {
        package let title: String
        package let href: String
        /// `weekly`, `checkpoint` or `asked for`.
        package let kind: Badge
        /// Whom it is of: a company, or the platform.
        package let scope: String
        package let period: String
        package let created: Moment
        /// Who asked for it.
        package let actor: String?

        package init(
            id: String, title: String, kind: Badge, scope: String, period: String, created: Moment,
            actor: String? = nil
        ) {
            self.title = title
            href = Place.report(id)
            self.kind = kind
            self.scope = scope
            self.period = period
            self.created = created
            self.actor = actor
        }
    }

    package static let template = "reports"
    package static let section: Section? = .reports
    package let title = "Reports"
    package let action = Place.newReport
    package var rows: [Row]
    package var charts: Charts
    package var companies: [Choice]
    package var pager: Pager

    package init(rows: [Row], charts: Charts, companies: [Choice] = [], pager: Pager) {
        self.rows = rows
        self.charts = charts
        self.companies = companies
        self.pager = pager
    }
}

/// A report as a page.
package struct ReportPage: Page {
    package static let template = "report"
    package static let section: Section? = .reports
    package let title: String
    package let facts: [Fact]
    package let body: HTML
    /// Where its Markdown is.
    package let sourceHref: String

    /// - Parameter markdown: The report as it was written.
    package init(id: String, title: String, facts: [Fact], markdown: String) {
        self.title = title
        self.facts = facts
        body = Markdown.html(markdown)
        sourceHref = Place.report(id) + ".md"
    }
}
