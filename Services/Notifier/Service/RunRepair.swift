import ServiceKit
import TaskStore

/// Goes on with runs that nobody works on: whose lease has ended, that nobody took, whose task is past its time limit or
/// was told what it waited for.
struct RunRepair: Sendable {
    /// How many are repaired at a time.
    private static let batch = 100
    /// How long the owner of a run may take to end it itself.
    private static let grace: Duration = .seconds(60)

    let record: any RepairedRuns
    let outlet: any Outlet
    /// How long a ready run may wait for its announcement to be taken: a consumer can have passed over it.
    let patience: Duration
    var crashPoints = CrashPoints.none

    /// Takes back runs whose owner let the lease end, has workflows take in what they were told and nobody settled, and
    /// those go on whose time has come.
    func takeBack() async throws {
        outlet.publish(
            try await crashPoints.around(.commit) { try await record.returnExpiredLeases(limit: Self.batch) })
        outlet.publish(try await record.settleTold(limit: Self.batch))
        outlet.publish(try await record.wakeWaiting(limit: Self.batch))
    }

    /// Ends what is overdue, then announces again what nobody took.
    func announce() async throws {
        outlet.publish(try await record.endOverdue(grace: Self.grace, limit: Self.batch))
        outlet.publish(try await record.reannounceReady(olderThan: patience, limit: Self.batch))
    }
}
