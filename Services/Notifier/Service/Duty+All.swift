import ServiceKit

/// What one notifier does for all of them. Everything else each does by itself.
extension Duty {
    static let leases = Duty("leases")
    static let deadlines = Duty("deadlines")
    static let broker = Duty("broker", needsBus: true)
    static let consumers = Duty("consumers", needsBus: true)
    static let submissions = Duty("submissions", needsBus: true)
    static let oldMessages = Duty("old messages")
    static let oldTasks = Duty("old tasks")
    static let oldRejections = Duty("old rejections")
    static let oldLogs = Duty("old log lines")
    static let oldFailures = Duty("old failures")
    static let oldModelFailures = Duty("old model failures")
    static let oldReplicas = Duty("old replicas")
    static let oldPauses = Duty("old pauses")
    static let checkpoints = Duty("checkpoints")

    static let all = [
        leases, deadlines, broker, consumers, submissions, oldMessages, oldTasks, oldRejections, oldLogs, oldFailures,
        oldModelFailures, oldReplicas, oldPauses, checkpoints,
    ]
}
