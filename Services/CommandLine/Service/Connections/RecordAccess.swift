import Contracts
import Database
import Foundations
import Logging
import ServiceKit
import TaskStore

/// The tool's connection to the database, for what only the record can tell.
enum RecordAccess {
    static func open(_ source: SettingsSource) throws -> (ConnectionPool, TaskStore) {
        let url = Secret(try source.required(.databaseURL))
        let logger = Logger(label: "automata", factory: { _ in SwiftLogNoOpLogHandler() })
        var configuration = DatabaseConfiguration(url: url, size: 1, applicationName: "automata", logger: logger)
        configuration.acquireTimeout = .seconds(3)
        let pool = ConnectionPool(configuration)
        return (pool, TaskStore(pool: pool, subjects: try source.subjects()))
    }
}
