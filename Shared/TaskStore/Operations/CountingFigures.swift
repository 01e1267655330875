import Contracts
import Database
import FoundationEssentials
import Foundations

extension TaskStore {
    /// Counts what a report tells of a company or the platform: of the time since its last one, else of a week.
    package func figures(of place: PausePlace) async throws -> Figures {
        try await figures(of: place, since: nil, until: Date())
    }

    /// Counts what the record tells of a time, from one moment's state of it.
    ///
    /// - Parameter since: From when on; `nil` is from the last report on, a week before where there is none.
    package func figures(of place: PausePlace, since: Date?, until: Date) async throws -> Figures {
        try await pool.transaction(isolation: .repeatableRead) { connection in
            try connection.execute("set local statement_timeout = '120s'")
            // How much a time holds, only a plan for that time knows.
            try connection.execute("set local plan_cache_mode = force_custom_plan")
            let start = try since ?? Self.lastReport(of: place, on: connection) ?? until - 7 * 86_400
            let counting = FigureCounting(place: place, since: min(start, until), until: until, connection: connection)
            return try counting.all()
        }
    }

    private static func lastReport(of place: PausePlace, on connection: Connection) throws -> Date? {
        try connection.execute(
            "select until from reports where company_id = \(place.key) order by created_at desc, id desc limit 1"
        ).first?.get("until")
    }
}

/// The statements behind ``Figures``. All but a few look at the tasks that ended in the time, and at what hangs on these.
private struct FigureCounting {
    let place: PausePlace
    let since: Date
    let until: Date
    let connection: Connection

    /// The most rows of a list in a report.
    private static let most = 1000

    func all() throws -> Figures {
        var figures = Figures(since: since, until: until)
        figures.submitted = try submitted()
        figures.open = try open()
        figures.ended = try ended()
        figures.days = try days()
        figures.models = try models()
        figures.steps = try steps()
        figures.repositories = try repositories()
        figures.pushes = try pushes()
        figures.errors = try errorsOfTasks() + errorsOfTries()
        figures.services = try services()
        return figures
    }

    private func within(_ time: SQL) -> SQL { "\(time) >= \(since) and \(time) < \(until)" }

    /// The condition on tasks `t` that ended in the time.
    private var hasEnded: SQL {
        "t.finished_at is not null and \(within("t.finished_at")) and \(place.holds("t.company_id"))"
    }

    private static let succeeded: SQL = "t.result ->> 'success' = 'true'"

    /// A person's decision is nobody's failure.
    private static let failed: SQL = """
        t.result ->> 'success' = 'false' and t.result ->> 'status' not in ('cancelled', 'skipped', 'rejected')
        """

    private static func seconds(_ share: SQL, _ interval: SQL) -> SQL {
        """
        coalesce(percentile_cont(\(share)) within group (order by extract(epoch from \(interval))::float8), 0)::float8
        """
    }

    private func submitted() throws -> Int {
        try connection.execute(
            """
            select count(*) as count from tasks t
            where \(within("t.created_at")) and \(place.holds("t.company_id")) and t.parent is null
            """
        ).first?.get("count") ?? 0
    }

    private func open() throws -> Figures.Open {
        var open = Figures.Open()
        let rows = try connection.execute(
            """
            select state, count(*) as count from stage_runs r
            where \(OpenRun.isOpen) and \(place.holds("r.company_id")) group by state
            """)
        for row in rows {
            switch try row.get("state", as: String.self) {
            case "leased": open.running = try row.get("count")
            case "ready": open.ready = try row.get("count")
            default: open.held = try row.get("count")
            }
        }
        return open
    }

    private func ended() throws -> [Figures.Ended] {
        try connection.execute(
            """
            select t.result ->> 'status' as status, bool_or(\(Self.succeeded)) as success, count(*) as tasks,
                \(Self.seconds("0.5", "t.finished_at - t.created_at")) as median,
                \(Self.seconds("0.95", "t.finished_at - t.created_at")) as p95,
                sum(t.llm_calls)::bigint as calls, sum(t.cost_usd)::float8 as cost
            from tasks t where \(hasEnded) and t.parent is null group by 1 order by tasks desc, status
            """
        ).map { row in
            Figures.Ended(
                status: try row.get("status"), success: try row.get("success"), tasks: try row.get("tasks"),
                medianSeconds: try row.get("median"), p95Seconds: try row.get("p95"), calls: try row.get("calls"),
                costUSD: try row.get("cost"))
        }
    }

    private func days() throws -> [Figures.Day] {
        try connection.execute(
            """
            select to_char(t.finished_at at time zone 'UTC', 'YYYY-MM-DD') as day, count(*) as ended,
                count(*) filter (where \(Self.succeeded)) as succeeded
            from tasks t where \(hasEnded) and t.parent is null group by 1 order by 1 desc limit \(Self.most)
            """
        ).map { row in
            Figures.Day(day: try row.get("day"), ended: try row.get("ended"), succeeded: try row.get("succeeded"))
        }.reversed()
    }

    /// Those whose journal is still kept.
    private func models() throws -> [Figures.Model] {
        try connection.execute(
            """
            select j.result #>> '{reply,model}' as model, count(*) as calls,
                coalesce(sum((j.result #>> '{reply,usage,promptTokens}')::bigint), 0)::bigint as prompt,
                coalesce(sum((j.result #>> '{reply,usage,completionTokens}')::bigint), 0)::bigint as completion,
                coalesce(sum((j.result #>> '{reply,costUSD}')::float8), 0)::float8 as cost,
                \(Self.seconds("0.5", "j.finished_at - j.started_at")) as median,
                count(distinct t.workflow_id) as tasks,
                count(distinct t.workflow_id) filter (where \(Self.failed)) as failed
            from tasks t join stage_runs r using (workflow_id) join journal j on j.run_id = r.id
            where \(hasEnded) and j.kind = 'model_call' and j.result #>> '{reply,model}' is not null
            group by 1 order by calls desc, model limit \(Self.most)
            """
        ).map { row in
            Figures.Model(
                model: try row.get("model"), calls: try row.get("calls"), promptTokens: try row.get("prompt"),
                completionTokens: try row.get("completion"), costUSD: try row.get("cost"),
                medianSeconds: try row.get("median"), tasks: try row.get("tasks"), failedTasks: try row.get("failed"))
        }
    }

    private func steps() throws -> [Figures.Step] {
        try connection.execute(
            """
            select r.kind, count(*) as runs,
                \(Self.seconds("0.5", "greatest(r.claimed_at - r.run_at, interval '0')")) as median_wait,
                \(Self.seconds("0.95", "greatest(r.claimed_at - r.run_at, interval '0')")) as p95_wait,
                \(Self.seconds("0.5", "r.finished_at - r.claimed_at")) as median,
                \(Self.seconds("0.95", "r.finished_at - r.claimed_at")) as p95
            from tasks t join stage_runs r using (workflow_id)
            where \(hasEnded) and \(RunSlot.isStep()) and r.state = 'done' and r.claimed_at is not null group by 1 order by min(r.id)
            """
        ).map { row in
            Figures.Step(
                kind: try row.get("kind"), runs: try row.get("runs"), medianWaitSeconds: try row.get("median_wait"),
                p95WaitSeconds: try row.get("p95_wait"), medianSeconds: try row.get("median"),
                p95Seconds: try row.get("p95"))
        }
    }

    private func repositories() throws -> [Figures.Repository] {
        try connection.execute(
            """
            with flaky as (
                select v.workflow_id, count(*) as trees from (
                    select r.workflow_id from tasks t join stage_runs r using (workflow_id)
                    where \(hasEnded) and r.output #>> '{signed,evidence,tree}' is not null
                    group by r.workflow_id, r.output #>> '{signed,evidence,tree}'
                    having count(distinct r.output #>> '{signed,evidence,success}') > 1) v
                group by v.workflow_id
            )
            select t.request #>> '{repository,remote_url}' as remote, count(*) as tasks,
                count(*) filter (where \(Self.succeeded)) as succeeded,
                count(*) filter (where t.result ->> 'status' = 'completed' and coalesce(jsonb_array_length(
                    nullif(t.result #> '{validation_result,commands}', 'null')), 0) = 0) as unvalidated,
                coalesce(sum(t.round), 0)::bigint as repairs, coalesce(sum(flaky.trees), 0)::bigint as flaky
            from tasks t left join flaky using (workflow_id)
            where \(hasEnded) and t.parent is null and t.request #>> '{repository,remote_url}' is not null
            group by 1 order by tasks desc, remote limit \(Self.most)
            """
        ).map { row in
            Figures.Repository(
                remoteURL: try row.get("remote"), tasks: try row.get("tasks"), succeeded: try row.get("succeeded"),
                unvalidated: try row.get("unvalidated"), repairs: try row.get("repairs"),
                flakyTrees: try row.get("flaky"))
        }
    }

    private func pushes() throws -> [Figures.Push] {
        try connection.execute(
            """
            select remote, count(*) as branches, max(at) as last from (
                select (\(Ancestry.request)) #>> '{repository,remote_url}' as remote, a.timestamp as at
                from task_activities a join tasks t using (workflow_id)
                where a.notification_type = 'changes_pushed' and a.seq is not null and \(within("a.timestamp"))
                    and \(place.holds("a.company_id"))
            ) pushed where remote is not null group by remote order by branches desc, remote limit \(Self.most)
            """
        ).map { row in
            Figures.Push(
                remoteURL: try row.get("remote"), branches: try row.get("branches"), last: try row.get("last"))
        }
    }

    private func errorsOfTasks() throws -> [Figures.ErrorText] {
        try connection.execute(
            """
            select t.result ->> 'status' as status, left(coalesce(t.error_message, ''), 300) as text, count(*) as count
            from tasks t where \(hasEnded) and t.parent is null and not (\(Self.succeeded))
            group by 1, 2 order by count desc, status, text limit \(Self.most)
            """
        ).map { row in
            Figures.ErrorText(status: try row.get("status"), text: try row.get("text"), count: try row.get("count"))
        }
    }

    private func errorsOfTries() throws -> [Figures.ErrorText] {
        try connection.execute(
            """
            select f.kind, left(f.error, 300) as text, count(*) as count from run_failures f
            where \(within("f.at")) and not f.ended and \(place.holds("f.company_id"))
            group by 1, 2 order by count desc, kind, text limit \(Self.most)
            """
        ).map { row in
            Figures.ErrorText(kind: try row.get("kind"), text: try row.get("text"), count: try row.get("count"))
        }
    }

    private func services() throws -> [Figures.Service] {
        try connection.execute(
            """
            select service, count(*) as replicas, sum(places)::bigint as places from replicas
            where seen_at > now() - \(Replica.patience) group by service order by service
            """
        ).map { row in
            Figures.Service(
                service: try row.get("service"), replicas: try row.get("replicas"), places: try row.get("places"))
        }
    }
}
