import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import FrontDesk
import RemoteAccess
import ServiceKit
import TaskStore
import Worker
import Workspaces

extension FrontDesk {
    /// Every desk, over the record of a service and what it has of repositories.
    init(_ service: ServiceContext, _ submissions: SubmissionDesk, _ repositories: RepositoryAccess) {
        let (store, outlet) = (service.store, PlannerOutlet(service))
        let desks: [any Desk] = [
            submissions, ControlDesk(store, outlet: outlet), StatusDesk(store), QueryDesk(store),
            DiffDesk(RecordedWork(service, repositories)),
            DefineDesk(store, keys: submissions.keys, rules: submissions.rules, outlet: outlet), DescribeDesk(store),
            ListDesk(store), RemoveDesk(store, outlet: outlet),
        ]
        self.init(desks, outlet: outlet)
    }
}

extension SubmissionDesk {
    /// The desk by the settings of a service.
    init(_ service: ServiceContext) throws {
        self.init(
            SubmissionsAtCrashPoints(store: service.store, crashPoints: service.crashPoints),
            keys: try SubmissionKeys(service.settings), rules: try SubmissionRules(service.settings),
            outlet: PlannerOutlet(service))
    }
}

extension SubmissionKeys {
    fileprivate init(_ settings: ServiceSettings) throws {
        self.init(
            sealing: try settings.require(
                settings.keys.sealing, "AUTOMATA_MASTER_KEY or SEALING_KEY", for: "planner"),
            content: try settings.require(settings.keys.contentKey, "AUTOMATA_MASTER_KEY", for: "planner"))
    }
}

extension SubmissionRules {
    fileprivate init(_ settings: ServiceSettings) throws {
        let setups = try SetupPolicy(settings.source)
        self.init(
            allowsLocalRemotes: settings.allowsLocalRemotes, remotes: try settings.remotePolicy,
            author: try Self.identity(settings.source, .author),
            committer: try Self.identity(settings.source, .committer),
            environment: try Self.environment(settings.source)
        ) { steps, company throws(FieldError) in
            _ = try setups.admit(steps, for: company)
        }
    }

    /// What the environment says of tasks, below all settings.
    private static func environment(_ source: SettingsSource) throws -> SettingsSpec {
        var settings = SettingsSpec()
        settings.push = try source.bool(.autoPush)
        settings.taskTimeout = try source.int(.taskTimeout, in: 1...2_592_000)
        return settings
    }

    private static func identity(_ source: SettingsSource, _ setting: Setting) throws -> CommitIdentity? {
        guard let text = try source.text(setting) else { return nil }
        guard let identity = CommitIdentity(text) else { throw SettingsError(setting, CommitIdentity.form) }
        return identity
    }
}

/// The record of submissions, with the points around it at which a test ends the process.
private struct SubmissionsAtCrashPoints: SubmissionRecord {
    let store: TaskStore
    let crashPoints: CrashPoints

    func defaults(of address: TaskAddress) async throws -> TaskDefaults { try await store.defaults(of: address) }

    func recorded(_ address: TaskAddress, as contentHashes: [String]) async throws -> UUID? {
        try await store.recorded(address, as: contentHashes)
    }

    func submit(_ submission: Submission) async throws -> SubmissionOutcome {
        try await crashPoints.around(.record) { try await store.submit(submission) }
    }

    func reject(_ rejection: Rejection) async throws -> [OutboxMessage] { try await store.reject(rejection) }
}
