import Contracts
import Database
import Flows
import FoundationEssentials
import Foundations

/// A workflow whose row is locked until the transaction ends, with its current run.
struct LockedWorkflow {
    let id: UUID
    let address: TaskAddress
    let generation: Int
    /// The state as it is; transitions give the next one.
    let progress: Progress
    /// The kind of the current step.
    let kind: StepKind
    /// Decoded where it is asked for.
    private let storedFlow: String?
    let lastSeq: Int
    let traceID: String
    let cancelRequested: Bool
    let pauseRequested: Bool
    let pauseRequestedBy: String?
    let wasApproved: Bool
    let maxCostUSD: Double?
    /// Its work was removed some time after it ended.
    let hasLostWork: Bool
    /// Whose child it is; `nil` for nobody's.
    let parent: UUID?
    /// From the first ancestor to the parent.
    let ancestors: [UUID]
    /// How many children it has.
    let children: Int
    /// A child ended since the current owner claimed the run.
    let wasTold: Bool
    let run: Run
    private let runID: Int

    /// The state of the current run.
    enum Run: String, SQLDecodable {
        case held, ready, done, cancelled
        /// A replica holds it.
        case leased
        /// A replica held it and let the lease expire.
        case expired
    }

    /// The current run, or the last.
    var key: RunKey {
        RunKey(
            id: runID, workflowID: id, stage: progress.stage, round: progress.round, generation: generation)
    }

    /// What the workflow goes by.
    func flow() throws -> Flow {
        guard let storedFlow else { throw StoreError.noFlow }
        return try JSON.decode(from: Data(storedFlow.utf8))
    }

    /// The state after `transitions`, or the refusal as the store reports it.
    func applying(_ transitions: Progress.Transition...) throws -> Progress {
        do {
            return try transitions.reduce(progress) { try $0.applying($1) }
        } catch let refusal as Progress.Refusal {
            throw StoreError(refusal)
        }
    }

    private static let taskColumns: SQL = """
        t.workflow_id, t.company_id, t.project_id, t.task_id, t.status, t.stage, t.round, t.generation, t.last_seq,
        t.trace_id, t.cancel_requested, t.pause_requested, t.pause_requested_by,
        t.approved_at is not null as was_approved, t.awaits_approval, t.max_cost_usd, t.flow::text as flow, t.parent, t.ancestors, t.children,
        t.work_removed_at is not null and t.head_commit is not null as has_lost_work
        """
    private static let runColumns: SQL = """
        r.id as run_id, r.epoch, r.kind, case when r.state = 'leased' and r.lease_until < now() then 'expired' else r.state end
            as run_state, r.told_in is not distinct from r.epoch as was_told
        """

    private init(_ task: Row, run: Row) throws {
        id = try task.get("workflow_id")
        address = try TaskAddress(task)
        generation = try task.get("generation")
        let (state, status): (Run, TaskStatus) = (try run.get("run_state"), try task.get("status"))
        self.run = state
        progress = Progress(
            status: status, stage: try task.get("stage"), round: try task.get("round"),
            epoch: try run.get("epoch"), awaitsApproval: try task.get("awaits_approval"),
            isWaiting: status == .running && (state == .held || state == .ready))
        kind = try run.get("kind")
        storedFlow = try task.get("flow")
        lastSeq = try task.get("last_seq")
        traceID = try task.get("trace_id")
        cancelRequested = try task.get("cancel_requested")
        pauseRequested = try task.get("pause_requested")
        pauseRequestedBy = try task.get("pause_requested_by")
        wasApproved = try task.get("was_approved")
        maxCostUSD = try task.get("max_cost_usd")
        hasLostWork = try task.get("has_lost_work")
        parent = try task.get("parent")
        ancestors = try task.get("ancestors")
        children = try task.get("children")
        wasTold = try run.get("was_told")
        runID = try run.get("run_id")
    }

    /// Locks the workflow of a claim, and refuses one that is not the current.
    ///
    /// Both rows are locked in one statement, the task's first, so both are read in their latest version.
    init(of claim: Claim, on connection: Connection) throws {
        let rows = try connection.execute(
            """
            select \(Self.taskColumns), \(Self.runColumns)
            from tasks t join stage_runs r on r.workflow_id = t.workflow_id
            where t.workflow_id = \(claim.key.workflowID) and \(claim.isCurrent)
            for no key update of t, r
            """)
        guard let row = rows.first else { throw StoreError.leaseLost }
        try self.init(row, run: row)
    }

    /// Locks any workflow; `nil` if there is none, or if it is locked and `skipLocked` is set.
    init?(_ id: UUID, skipLocked: Bool = false, on connection: Connection) throws {
        try self.init(where: "t.workflow_id = \(id)", skipLocked: skipLocked, on: connection)
    }

    /// Locks the workflow of an address, `nil` if there is none.
    init?(_ address: TaskAddress, on connection: Connection) throws {
        let wanted: SQL = """
            t.company_id = \(address.company) and t.project_id = \(address.project) and t.task_id = \(address.task)
            """
        try self.init(where: wanted, skipLocked: false, on: connection)
    }

    /// The run is read by a second statement: it sees what the last holder of the lock committed.
    private init?(where wanted: SQL, skipLocked: Bool, on connection: Connection) throws {
        let wait: SQL = skipLocked ? "skip locked" : ""
        let tasks = try connection.execute(
            "select \(Self.taskColumns) from tasks t where \(wanted) for no key update \(wait)")
        guard let task = tasks.first else { return nil }
        let runs = try connection.execute(
            """
            select \(Self.runColumns) from stage_runs r
            where r.workflow_id = \(try task.get("workflow_id", as: UUID.self))
                and r.stage = \(try task.get("stage", as: Stage.self))
                and r.round = \(try task.get("round", as: Int.self))
                and r.generation = \(try task.get("generation", as: Int.self))
            for no key update
            """)
        guard let run = runs.first else { throw StoreError.unknownWorkflow }
        try self.init(task, run: run)
    }
}
