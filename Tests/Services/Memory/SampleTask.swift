import Contracts
import Foundation
import Foundations

@testable import TaskStore

extension TaskRequest {
    /// A task that says no more than it must.
    static func sample(_ task: String = "fix-login") -> TaskRequest {
        TaskRequest(
            task: TaskSettings(address: .sample(task), title: "Repair the login form"),
            repository: RepositorySettings(remoteURL: "https://git.example.com/web.git"))
    }
}
