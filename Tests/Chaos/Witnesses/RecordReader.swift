import Database
import Foundation
import Foundations
import PlatformSupport

/// Reads the record once everything is at rest.
enum RecordReader {
    static func read(_ platform: Platform) async throws -> RecordAtEnd {
        let row = try await platform.rows(query).first ?? [:]
        return try JSONDecoder().decode(RecordAtEnd.self, from: try row.data())
    }

    /// Steps that wait for children, of which none is open and none ended unseen.
    static let vainWaits: SQL = """
        select t.workflow_id, t.task_id from tasks t join stage_runs r using (workflow_id)
        where t.status = 'running' and r.state = 'held' and r.wakes_at is null
            and not exists (select from tasks child where child.parent = t.workflow_id and child.finished_at is null)
            and not exists (select from notices n where n.workflow_id = t.workflow_id)
        """

    private static let query: SQL = """
        select
            (select coalesce(jsonb_agg(jsonb_build_object(
                'workflow', t.workflow_id, 'task', t.task_id, 'status', t.status, 'branch', t.branch_name,
                'commit', t.commit_hash, 'lastSeq', t.last_seq, 'parent', t.parent, 'key', t.child_key,
                'started', coalesce(extract(epoch from t.started_at), 0),
                'finished', coalesce(extract(epoch from t.finished_at), 0),
                'pushes', coalesce(t.flow -> 'steps' @> '[{"kind": "push"}]', false)
                    and coalesce((delivery.asked ->> 'push')::boolean, true),
                'hasWebhook', t.parent is null or delivery.asked ->> 'webhook_url' is not null)), '[]')
                from tasks t left join tasks first on first.workflow_id = t.ancestors[1]
                cross join lateral (
                    select coalesce(t.request -> 'delivery', first.request -> 'delivery') as asked) delivery) as tasks,
            (select coalesce(jsonb_agg(jsonb_build_object(
                'run', concat_ws('/', workflow_id, stage, round, generation), 'step', step, 'kind', j.kind,
                'hash', request_hash, 'epoch', j.epoch, 'isDone', j.state = 'done',
                'started', extract(epoch from started_at), 'finished', extract(epoch from j.finished_at),
                'call', result #>> '{reply,message,tool_calls,0,id}')
                order by workflow_id, stage, round, generation, step), '[]')
                from journal j join stage_runs r on r.id = j.run_id) as steps,
            (select coalesce(jsonb_agg(jsonb_build_object(
                'id', m.id, 'workflow', m.workflow_id, 'state', coalesce(r.state, 'none'))), '[]')
                from webhook_messages m left join stage_runs r on r.kind = 'webhook' and r.slot = m.id) as webhooks,
            (select count(*) from outbox where published_at is null) as unpublished,
            (select count(*) from stage_runs where state = 'leased') as leased,
            (select count(*) from stage_runs r join tasks t using (workflow_id)
                where r.slot = 'step' and t.finished_at is not null and r.finished_at is null) as "openRuns",
            (select count(*) from notices) as notices,
            (select count(*) from (\(vainWaits)) w) as "vainWaits"
        """
}
