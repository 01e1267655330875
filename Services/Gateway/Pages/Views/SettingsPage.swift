/// What holds for the platform or a company, and who changed it.
package struct SettingsPage: Page {
    /// A version of the settings.
    package struct Version: Sendable {
        package var number: Int
        package var at: Moment
        package var actor: String
        package var change: String

        package init(number: Int, at: Moment, actor: String, change: String) {
            self.number = number
            self.at = at
            self.actor = actor
            self.change = change
        }
    }

    package static let template = "settings"
    package static let section: Section? = .settings
    package let title = "Settings"
    /// The platform and its companies.
    package var tabs: [Tab]
    /// Of the company that is looked at; `nil` where that is the platform.
    package var standing: CompanyStanding?
    package var settings: Form
    package var limits: Form
    package let versions: [Version]
    package let hasVersions: Bool

    package init(
        tabs: [Tab], standing: CompanyStanding? = nil, settings: Form, limits: Form, versions: [Version] = []
    ) {
        self.tabs = tabs
        self.standing = standing
        self.settings = settings
        self.limits = limits
        self.versions = versions
        hasVersions = !versions.isEmpty
    }
}
