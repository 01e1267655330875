import Foundations

/// The subjects that a user of the bus may publish and subscribe to; everything else is forbidden.
package struct BusPermissions: Hashable, Sendable {
    package let publish: [String]
    /// What of ``publish`` is forbidden all the same.
    package let denied: [String]
    package let subscribe: [String]

    init(publish: [String], denied: [String] = [], subscribe: [String]) {
        self.publish = publish
        self.denied = denied
        self.subscribe = subscribe
    }

    /// What leads from a company to the platform.
    package static func requests(_ subjects: SubjectScheme, of company: CompanyID?) -> [String] {
        [subjects.filter(.taskSubmitted, of: company)]
            + RequestType.ofClients.map { subjects.filter($0, of: company) }
    }

    /// What leads from the platform to a company.
    package static func events(_ subjects: SubjectScheme, of company: CompanyID?) -> [String] {
        EventType.allCases.filter(\.isOutgoing).map { subjects.filter($0, of: company) }
    }

    /// Each event by its name: a pattern for all of them would take in what others of the company ask, and nats-server
    /// applies a list of what is denied only to patterns that hold a whole entry of it.
    static func client(_ user: BusUser, _ subjects: SubjectScheme, of company: CompanyID?) -> BusPermissions {
        BusPermissions(
            publish: requests(subjects, of: company), denied: company.map { denied(subjects, at: $0) } ?? [],
            subscribe: events(subjects, of: company) + ["\(user.inboxPrefix).>"])
    }

    /// No company defines its own settings and limits.
    private static func denied(_ subjects: SubjectScheme, at company: CompanyID) -> [String] {
        let place = TaskAddress(company: company, project: .all, task: .all)
        return RequestType.allCases.filter(\.isOfOperatorsAtCompanies).map { subjects.subject(place, $0) }
    }
}
