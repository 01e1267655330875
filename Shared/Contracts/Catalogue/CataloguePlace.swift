import Foundations

/// Where an object of the catalogue stands, as the subject names it: `-` in the place of a task, project or company says
/// that there is none.
package struct CataloguePlace: Sendable, Hashable {
    /// What stands there, by the form of the subject.
    package enum Level: String, Sendable, CaseIterable {
        case platform = "-.-.-"
        case company = "{company}.-.-"
        case project = "{company}.{project}.-"
        case ofCompany = "{company}.-.{name}"
        case ofProject = "{company}.{project}.{name}"
    }

    package let level: Level
    /// The ids of the subject.
    package let address: TaskAddress

    /// The place that an address names, `nil` if an id stands behind the `-` of the platform.
    package init?(_ address: TaskAddress) {
        switch (address.company.standsForAll, address.project.standsForAll, address.task.standsForAll) {
        case (true, true, true): level = .platform
        case (false, true, true): level = .company
        case (false, false, true): level = .project
        case (false, true, false): level = .ofCompany
        case (false, false, false): level = .ofProject
        default: return nil
        }
        self.address = address
    }

    /// A company's own place; that of the platform for the id that stands for all.
    package init(company: CompanyID) {
        level = company.standsForAll ? .platform : .company
        address = TaskAddress(company: company, project: .all, task: .all)
    }

    /// The name of what stands there: the last of its ids, `-` for the platform.
    package var name: String {
        switch level {
        case .platform, .company: address.company.text
        case .project: address.project.text
        case .ofCompany, .ofProject: address.task.text
        }
    }
}
