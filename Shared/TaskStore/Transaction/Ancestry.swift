import Contracts
import Database
import FoundationEssentials
import Foundations

/// Whose child a workflow is.
struct Ancestry: Sendable {
    let parent: UUID
    let key: TaskID
    /// From the first ancestor to the parent.
    let ancestors: [UUID]
    /// What the first ancestor was asked for.
    let request: JSONValue

    /// Of a child of a locked workflow.
    init(_ key: TaskID, of parent: LockedWorkflow, _ request: JSONValue) {
        self.parent = parent.id
        self.key = key
        ancestors = parent.ancestors + [parent.id]
        self.request = request
    }

    /// The sections of a request that differ from the first ancestor's, which is all that is kept of it.
    /// Numbers are compared as the record holds them.
    func difference(_ request: JSONValue) throws -> JSONValue {
        let request: JSONValue = try JSON.decode(from: JSON.encode(request))
        let theirs = self.request.objectValue ?? [:]
        var difference = (request.objectValue ?? [:]).filter { theirs[$0.key] != $0.value }
        for key in theirs.keys where request[key] == nil { difference[key] = .null }
        return .object(difference)
    }

    /// The whole request of a workflow `t`.
    static let request: SQL = """
        case when t.parent is null then t.request
            else (select first.request from tasks first where first.workflow_id = t.ancestors[1]) || t.request end
        """

    /// Whether a workflow `t` rests because an ancestor does. Nothing is written to children when their parent is paused.
    static let isPaused: SQL = """
        (t.parent is not null and exists (select from tasks above
            where above.workflow_id = any (t.ancestors) and (above.status = 'paused' or above.pause_requested)))
        """

    /// How many seconds the ancestors of a workflow `t` have rested.
    private static let rested: SQL = """
        (select coalesce(sum(above.paused_seconds), 0) from tasks above where above.workflow_id = any (t.ancestors))
        """

    /// When the time of a workflow `t` is over: it moves by what its ancestors rest. While one of them does there is no
    /// clock at all, see ``isPaused``.
    static let deadline: SQL = """
        (t.deadline_at + case when t.parent is null then interval '0'
            else make_interval(secs => \(rested) - t.rested_before) end)
        """

    /// Has the time limit of a workflow `t` count from now.
    static let countFromNow: [SQL] = [
        "deadline_at = now() + timeout_seconds * interval '1 second'",
        "rested_before = case when t.parent is null then 0 else \(rested) end",
    ]

    /// The workflow whose seal is the one of a workflow `t`.
    static let sealed: SQL = "coalesce(t.ancestors[1], t.workflow_id)"
}
