import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import Git
import Sandbox
import ServiceKit
import Setup
import Worker
import Workspaces

/// Where commands run that find what was installed.
package struct PreparedSandbox: Sendable {
    package let sandbox: Sandbox
    /// The digest of what was installed; `nil` where nothing is to be.
    package var digest: String?
    /// Why not all that the change names is installed, for people and models.
    package var issue: String?

    init(_ sandbox: Sandbox, _ plan: SetupPlan? = nil, _ stored: StoredSetup? = nil, issue: String? = nil) {
        self.sandbox = stored?.shown(in: sandbox) ?? sandbox
        digest = plan?.digest
        self.issue = issue
    }
}

/// Installs what tasks need before their commands run, each once on this host.
package struct Setups: Sendable {
    private let policy: SetupPolicy
    private let store: SetupStore
    private let addresses: AddressPolicy

    package init(_ service: ServiceContext) throws {
        policy = try SetupPolicy(service.settings.source)
        store = SetupStore(home: service.settings.home)
        addresses = service.settings.remoteAddresses
    }

    /// The sandbox of the project for the commit `head`, with what is installed for it.
    ///
    /// Throws ``StageFailure`` where what the base commit asks for is not allowed or cannot be installed. What only the
    /// change asks for is told by ``PreparedSandbox/issue``, and the base's is used.
    package func prepare(
        _ sandbox: Sandbox, _ context: StageContext, _ project: ProjectSettings, _ mirror: Mirror, base: ObjectID,
        head: ObjectID
    ) async throws -> PreparedSandbox {
        guard let plan = try await SetupPlan(context, project, mirror, base: base, head: head) else {
            return PreparedSandbox(sandbox)
        }
        let run = try run(plan, mirror, sandbox, context)
        let base: StoredSetup
        do {
            base = try await stored(plan.baseDigest, run, from: nil)
        } catch let failure as SetupFailure {
            // A registry that is down comes back.
            throw StageFailure(.validationFailed, failure.description, isRetriable: true)
        }
        guard plan.change != nil else { return PreparedSandbox(sandbox, plan, base, issue: plan.obstacle) }
        do {
            return PreparedSandbox(sandbox, plan, try await stored(plan.digest, run, from: base))
        } catch let failure as SetupFailure {
            return PreparedSandbox(sandbox, plan, base, issue: "What the change names cannot be installed: \(failure)")
        }
    }

    private func run(
        _ plan: SetupPlan, _ mirror: Mirror, _ sandbox: Sandbox, _ context: StageContext
    ) throws -> SetupRun {
        guard sandbox.level != .none else {
            throw StageFailure(
                .validationFailed, "validation.setup: nothing is installed without a sandbox (SANDBOX=none)")
        }
        do {
            return SetupRun(
                plan: plan, mirror: mirror,
                sandbox: sandbox.showing(
                    [], environment: SetupPlaces.installing, lookingUp: SetupPlaces.searchPath),
                hosts: try policy.admit(plan.steps, for: context.request.task.address.company), addresses: addresses,
                timeout: .seconds(context.request.validation.timeoutSeconds),
                program: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"),
                progressed: context.control.progressed)
        } catch let error as FieldError {
            throw StageFailure(.validationFailed, error.description)
        }
    }

    /// On this host a setup is the same where its digest and the surroundings of its commands are.
    private func stored(_ digest: String, _ run: SetupRun, from earlier: StoredSetup?) async throws -> StoredSetup {
        let key = try ContentHash.sha256(["digest": .string(digest), "host": .strings(run.sandbox.surroundings)])
        return try await store.setup(key) { try await run.make($0, from: earlier) }
    }
}
