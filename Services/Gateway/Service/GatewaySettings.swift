import Contracts
import Foundations
import ServiceKit

/// What the gateway goes by.
struct GatewaySettings: Sendable {
    /// Where it listens.
    let host: String
    let port: UInt16
    /// Where tasks go that name no project.
    let project: ProjectAddress?
    /// Where it is found besides.
    let origins: Set<Origins.Origin>
    /// Whether programs of this host that are no browsers need no token to read and to add tasks.
    let isOpen: Bool
    /// After how many days the platform has a checkpoint; 0 is never.
    let checkpointDays: Int
    /// The file of tasks that it applies.
    let tasksFile: String?

    init(_ source: SettingsSource) throws {
        (host, port) = try Self.address(source)
        project = try Self.project(source)
        origins = try Self.origins(source)
        isOpen = try source.bool(.gatewayOpen)
        checkpointDays = try source.int(.checkpointDays, in: 0...365)
        tasksFile = try source.text(.tasksFile)
    }

    private static func address(_ source: SettingsSource) throws -> (String, UInt16) {
        let text = try source.required(.gatewayAddress)
        if let port = UInt16(text) { return ("127.0.0.1", port) }
        // Port 0 is none of a host.
        let isAny = text.hasSuffix(":0")
        guard let place = HostPattern.split(isAny ? String(text.dropLast(2)) : text),
            let port = isAny ? 0 : place.port
        else { throw SettingsError(.gatewayAddress, "expected a host and a port, such as 127.0.0.1:5000") }
        return (place.host, port)
    }

    private static func project(_ source: SettingsSource) throws -> ProjectAddress? {
        guard let text = try source.text(.gatewayProject) else { return nil }
        guard let project = ProjectAddress(text) else {
            throw SettingsError(.gatewayProject, "expected COMPANY/PROJECT of [A-Za-z0-9_-]{1,64}")
        }
        return project
    }

    private static func origins(_ source: SettingsSource) throws -> Set<Origins.Origin> {
        Set(
            try source.list(.gatewayOrigins).map { text in
                guard let origin = Origins.Origin(text) else {
                    throw SettingsError(
                        .gatewayOrigins,
                        "expected addresses such as https://automata.example.com, got \(text.clipped(80))")
                }
                return origin
            })
    }
}

/// A project of a company.
struct ProjectAddress: Sendable, Hashable {
    let company: CompanyID
    let project: ProjectID

    init(company: CompanyID, project: ProjectID) {
        self.company = company
        self.project = project
    }

    /// `COMPANY/PROJECT`
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let company = CompanyID(parts[0]), let project = ProjectID(parts[1]),
            !company.standsForAll, !project.standsForAll
        else { return nil }
        self.init(company: company, project: project)
    }
}
