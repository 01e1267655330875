import Contracts
import Foundation
import Foundations

/// The project of tasks that name none: `local/default`.
struct DefaultProject: Sendable {
    static let address = TaskAddress(
        company: CompanyID(validated: "local"), project: ProjectID(validated: "default"), task: .all)

    /// The URL or path of its repository.
    let remote: String

    /// - Parameter repository: A folder with a Git repository, or the URL of one.
    init(_ repository: String) throws {
        let files = FileManager.default
        guard files.fileExists(atPath: repository) else {
            guard repository.contains(":") else { throw Failure("\(repository) is not there", Exit.notFound) }
            remote = repository
            return
        }
        guard [".git", "HEAD"].contains(where: { files.fileExists(atPath: "\(repository)/\($0)") }) else {
            throw Failure("\(repository) is no Git repository: git init makes one", Exit.refused)
        }
        remote = URL(fileURLWithPath: repository).standardizedFileURL.path
    }

    /// Makes it the project's repository; what else is defined of the project stays.
    func define(by client: PlatformClient) async throws {
        var spec = try await client.spec(ProjectSpec.kind, Self.address) ?? [:]
        if spec["repository"]?["remote_url"]?.stringValue != remote {
            spec.set(["repository"], ["remote_url": .string(remote)])
        }
        _ = try await client.ask(Self.address, .define, DefineRequest(ProjectSpec.kind, spec).json)
    }
}
