import Contracts
import Foundations
import Logging
import ServiceKit
import ServiceLifecycle
import TaskStore

/// The gateway: shows the record over HTTP, and passes on to the front door what is to be done. It holds no key, and
/// writes nothing but who signed in.
package struct Gateway: Sendable {
    var record: any GatewayRecord
    let door: any FrontDoorClient
    var follower: EventFollower
    var logs: LogFollower
    var origins: Origins
    /// Where tasks go that name no project.
    let project: ProjectAddress?
    let isOpen: Bool
    /// After how many days the platform has a checkpoint, where its settings do not say.
    let checkpointDays: Int
    let subjects: SubjectScheme
    /// What has to work for it to be ready.
    let checks: [any HealthCheck]
    let metrics: MetricsRegistry
    let logger: Logger
    /// What pages count, for a moment.
    let counts = ShortMemory()

    var authentication: Authentication { Authentication(record: record, origins: origins, isOpen: isOpen) }

    package static func services(_ context: ServiceContext) throws -> [any Service] {
        let settings = try GatewaySettings(context.settings.source)
        let follower = EventFollower(
            context.store, context.bus, subjects: context.settings.subjects, metrics: context.metrics,
            logger: context.logger)
        let logs = LogFollower(context.store, metrics: context.metrics, logger: context.logger)
        let gateway = Gateway(
            record: context.store, door: BusFrontDoor(bus: context.bus, subjects: context.settings.subjects),
            follower: follower, logs: logs,
            origins: Origins(port: settings.port, host: settings.host, others: settings.origins),
            project: settings.project, isOpen: settings.isOpen, checkpointDays: settings.checkpointDays,
            subjects: context.settings.subjects, checks: context.healthChecks, metrics: context.metrics,
            logger: context.logger)
        context.openings.expect("http")
        let server = HTTPServer(gateway, host: settings.host, port: settings.port) { [openings = context.openings] in
            openings.opened("http")
        }
        // What ends last comes first: the server ends its streams, which are fed by the followers.
        var services: [any Service] = [follower, logs, server]
        if let path = settings.tasksFile {
            services.append(
                TaskFileWatcher(path, project: settings.project, door: gateway.door, logger: context.logger))
        }
        return services
    }
}
