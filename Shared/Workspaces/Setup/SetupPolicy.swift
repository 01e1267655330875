import Contracts
import Foundations
import ServiceKit
import Setup

/// What the operator says of installing packages: for whom, and from where. Nothing is installed without both.
package struct SetupPolicy: Sendable {
    /// `*` stands for all.
    private let companies: Set<String>
    private let hosts: [HostPattern]

    package init(_ source: SettingsSource) throws {
        companies = Set(try source.list(.setupCompanies))
        for company in companies where company != "*" && CompanyID(company) == nil {
            throw SettingsError(.setupCompanies, "expected ids of companies, or *, got \(company.prefix(64))")
        }
        hosts = try source.list(.setupHosts).map { text in
            guard let host = HostPattern(text) else {
                throw SettingsError(.setupHosts, "\(HostPattern.form), got \(text.prefix(64))")
            }
            return host
        }
    }

    /// What the commands of `steps` may reach. Throws by name of the field what is not allowed, with what to set.
    @discardableResult
    package func admit(_ steps: SetupSteps, for company: CompanyID) throws(FieldError) -> FetchList {
        let list = FetchList(allowed: hosts, wanted: steps.hosts)
        guard !steps.commands.isEmpty else { return list }
        guard companies.contains("*") || companies.contains(company.text) else {
            throw FieldError(
                path: "validation.setup",
                reason: "nothing is installed for this company: the operator would name it in SETUP_COMPANIES")
        }
        guard !hosts.isEmpty else {
            throw FieldError(
                path: "validation.setup",
                reason: "there is no host to fetch from: the operator would name some in SETUP_HOSTS")
        }
        if let host = list.excess.first {
            throw FieldError(path: "validation.fetch", reason: "\(host) is not in SETUP_HOSTS")
        }
        return list
    }
}
