import Contracts
import Database
import FoundationEssentials
import Foundations

/// The tasks that a task waits for.
struct Dependencies {
    /// How far they are.
    enum State: Equatable {
        case satisfied, open
        /// One of them cannot complete any more; with the reason.
        case failed(String)
    }

    private let address: TaskAddress
    private let names: [TaskID]
    private let connection: Connection

    init(of task: TaskSettings, on connection: Connection) {
        self.init(address: task.address, names: task.dependencies, connection: connection)
    }

    /// The recorded ones of a workflow.
    init(of workflow: LockedWorkflow, on connection: Connection) throws {
        let rows = try connection.execute("select depends_on from dependencies where workflow_id = \(workflow.id)")
        self.init(
            address: workflow.address, names: try rows.map { try $0.get("depends_on") }, connection: connection)
    }

    private init(address: TaskAddress, names: [TaskID], connection: Connection) {
        self.address = address
        self.names = names
        self.connection = connection
    }

    /// The path by which the task would wait for itself, if there is one. Submissions with dependencies of one project
    /// take turns, so that two of them cannot close a cycle unseen.
    func lockAndFindCycle() throws -> [TaskID]? {
        guard !names.isEmpty else { return nil }
        if names.contains(address.task) { return [address.task] }
        let project = "\(address.company)/\(address.project)"
        try connection.execute("select pg_advisory_xact_lock(hashtextextended(\(project), 1))")
        return try cycle()
    }

    /// The shortest path to the task itself over what is recorded. Each task is visited once, however many ways there
    /// are to it.
    private func cycle() throws -> [TaskID]? {
        var cameFrom: [TaskID: TaskID] = [:]
        var seen = Set(names)
        var front = names
        while !front.isEmpty {
            let rows = try connection.execute(
                """
                select distinct on (depends_on) task_id, depends_on from dependencies
                where company_id = \(address.company) and project_id = \(address.project)
                    and task_id = any (\(front))
                order by depends_on
                """)
            front = []
            for row in rows {
                let (task, next): (TaskID, TaskID) = (try row.get("task_id"), try row.get("depends_on"))
                guard seen.insert(next).inserted else { continue }
                cameFrom[next] = task
                front.append(next)
            }
            if seen.contains(address.task) { return Self.path(to: address.task, cameFrom) }
        }
        return nil
    }

    private static func path(to end: TaskID, _ cameFrom: [TaskID: TaskID]) -> [TaskID] {
        var path = [end]
        while let last = path.last, let before = cameFrom[last] { path.append(before) }
        return path.reversed()
    }

    func record(for workflowID: UUID) throws {
        guard !names.isEmpty else { return }
        try connection.execute(
            """
            insert into dependencies (workflow_id, company_id, project_id, task_id, depends_on)
            select distinct \(workflowID), \(address.company), \(address.project), \(address.task), name
            from unnest(\(names)) name
            """)
    }

    /// How far they are, by what is committed. Whoever finds them open and waits has to look again, see ``Notice``.
    func state() throws -> State {
        guard !names.isEmpty else { return .satisfied }
        let rows = try connection.execute(
            """
            select task_id, status from tasks where company_id = \(address.company)
                and project_id = \(address.project) and task_id = any (\(names)) order by task_id
            """)
        var completed = 0
        for row in rows {
            guard case .ended(let status) = try row.get("status", as: TaskStatus.self) else { continue }
            guard status.isSuccess else { return .failed(Self.reason(try row.get("task_id"), status)) }
            completed += 1
        }
        return completed == Set(names).count ? .satisfied : .open
    }

    static func reason(_ task: TaskID, _ status: TerminalStatus) -> String {
        "the task \(task) that it depends on ended as \(status.rawValue)"
    }
}
