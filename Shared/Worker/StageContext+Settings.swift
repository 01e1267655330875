import Contracts
import ServiceKit
import TaskStore

extension StageContext {
    /// The settings of the task's company, over the platform's, as they are now.
    package func settings() async throws -> SettingsSpec {
        try await service.store.settings(of: record.address.company)
    }
}
