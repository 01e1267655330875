import Contracts
import Foundations

/// What a call names.
extension Call {
    /// The company of the path, `nil` if it names none.
    func company() throws(Problem) -> CompanyID? {
        guard let text = parameters["company"] else { return nil }
        return try Self.id(text)
    }

    /// The task of the path.
    func task() throws(Problem) -> TaskAddress {
        TaskAddress(
            company: try Self.id(parameters["company"] ?? ""), project: try Self.id(parameters["project"] ?? ""),
            task: try Self.id(parameters["task"] ?? ""))
    }

    /// What the fields `company` and `project` bound it to, and the caller's token.
    func scope() throws(Problem) -> QueryScope {
        let project = try field("project").map { text throws(Problem) -> ProjectID in try Self.id(text) }
        let named = try field("company").map { text throws(Problem) -> CompanyID in try Self.id(text) }
        guard let company = named ?? caller.company else {
            guard project == nil else { throw .malformed("project: a project is named with its company") }
            return .platform
        }
        guard caller.sees(company) else { throw .forbidden("the token is of another company") }
        return project.map { .project(company, $0) } ?? .company(company)
    }

    static func id<ID: SafeIdentifier>(_ text: String) throws(Problem) -> ID {
        guard let id = ID(text), !id.standsForAll else {
            throw .malformed("expected an id of [A-Za-z0-9_-]{1,64}")
        }
        return id
    }
}
