import Contracts
import Foundations
import TaskStore

/// Answers `define`: checks what is said of an object, seals what is secret, and records it.
package struct DefineDesk: Desk {
    package let type = RequestType.define
    private let record: any CatalogueRecord
    private let keys: SubmissionKeys
    private let rules: SubmissionRules
    private let outlet: any FrontDeskOutlet

    /// - Parameters:
    ///   - keys: As for submissions.
    ///   - rules: What a repository may be, as for submissions.
    package init(
        _ record: any CatalogueRecord, keys: SubmissionKeys, rules: SubmissionRules, outlet: any FrontDeskOutlet
    ) {
        self.record = record
        self.keys = keys
        self.rules = rules
        self.outlet = outlet
    }

    package func answer(_ message: ClientMessage, about address: TaskAddress) async throws -> Reply {
        let request = try DefineRequest(decoding: message.body)
        let kind = try Catalogue.kind(named: request.kind)
        let place = try kind.place(address)
        let object = try object(try kind.init(FieldReader(request.spec), at: place), at: place)
        let actor = request.actor ?? address.anybody
        guard case .defined(let version, let created) = try await record.define(object, by: actor) else {
            throw SubmissionRefusal(
                code: "invalid_request", field: "repository.credentials.sealed",
                reason: "the project has no credentials for this remote that it could keep")
        }
        if created {
            outlet.note(.defined(kind: kind.kind, place: place, version: version))
            // Who is not told now looks by itself after a while.
            if kind.isReadByReplicas { try? await outlet.wakeReplicas() }
        }
        return .ok(["version": .int(version), "created": .bool(created)])
    }

    /// The object without credentials in clear.
    private func object(_ spec: some CatalogueSpec, at place: CataloguePlace) throws -> CatalogueObject {
        guard let repository = spec.repository else { return CatalogueObject(spec, at: place) }
        try rules.check(repository)
        guard repository.credentials != .none else { return CatalogueObject(spec, at: place) }
        let credentials = try credentials(of: repository, at: place)
        var closed = spec
        closed.repository?.credentials = .sealed("")
        return CatalogueObject(closed, at: place, credentials: credentials)
    }

    /// A seal without content, as `describe` shows it, stands for the credentials that there are.
    private func credentials(
        of repository: RepositorySettings, at place: CataloguePlace
    ) throws -> ProjectCredentials {
        guard repository.credentials != .sealed("") else {
            return ProjectCredentials(keptFor: repository.remoteURL)
        }
        let sealed = try keys.sealed(repository, of: place.address.company)
        guard case .sealed(let text) = sealed.credentials else { throw StoreError.plainCredentials }
        return ProjectCredentials(
            for: repository.remoteURL, sealed: text, contentHash: try keys.hash(repository.credentials.revealed()))
    }
}
