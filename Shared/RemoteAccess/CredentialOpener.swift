import Contracts
import Cryptography
import FoundationEssentials
import Foundations
import Git
import ServiceKit
import Worker

/// Opens a task's credentials right before git needs them. Only planner and pusher hold the key for it.
package struct CredentialOpener: Sendable {
    private let key: SealingKey
    private let home: String
    private let redactor: Redactor

    package init(_ service: ServiceContext) throws {
        self.init(
            key: try service.settings.require(
                service.settings.keys.sealing, "AUTOMATA_MASTER_KEY or SEALING_KEY", for: service.name),
            home: service.settings.home, redactor: service.redactor)
    }

    init(key: SealingKey, home: String, redactor: Redactor) {
        self.key = key
        self.home = home
        self.redactor = redactor
    }

    /// What git is given for the remote of `request`. The secrets are redacted in this process's logs while the task
    /// is remembered, see ``Redactor/remembering(_:isolation:_:)``.
    package func open(_ request: TaskRequest) throws -> GitCredentials {
        let company = request.task.address.company
        var credentials = request.repository.credentials
        if case .sealed(let text) = credentials {
            do {
                credentials = try CredentialSeal.open(
                    text, with: key, company: company, remoteURL: request.repository.remoteURL)
            } catch {
                throw StageFailure(.repositoryUnavailable, "repository.credentials.sealed: \(error)")
            }
        }
        redactor.add(credentials.secrets, of: request.task.address.owner)
        switch credentials {
        case .none, .sealed: return .none
        case .usernamePassword(let username, let password): return .usernamePassword(username, password)
        case .accessToken(let token, let username?): return .usernamePassword(username, token)
        case .accessToken(let token, nil): return .accessToken(token)
        case .privateKey(let key, let passphrase): return .privateKey(key, passphrase: passphrase)
        case .privateKeyPath(let path, let passphrase):
            return .privateKeyPath(try keyFile(path, company), passphrase: passphrase)
        }
    }

    /// A key file must lie in the company's own folder, whatever the path says: a task names it, not the operator.
    private func keyFile(_ path: String, _ company: CompanyID) throws -> String {
        let folder = "\(home)/keys/\(company.text)"
        let wanted = path.hasPrefix("/") ? path : "\(folder)/\(path)"
        let resolved = URL(fileURLWithPath: wanted).resolvingSymlinksInPath().standardizedFileURL.path
        guard resolved.hasPrefix(URL(fileURLWithPath: folder).resolvingSymlinksInPath().path + "/") else {
            throw StageFailure(
                .repositoryUnavailable,
                "repository.credentials.private_key_path: only files below AUTOMATA_HOME/keys/{company_id} may be named"
            )
        }
        return resolved
    }
}
