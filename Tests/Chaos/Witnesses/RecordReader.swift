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

    private static let query: SQL = """
        select
            (select coalesce(jsonb_agg(jsonb_build_object(
                'workflow', workflow_id, 'task', task_id, 'status', status, 'branch', branch_name,
                'commit', commit_hash, 'lastSeq', last_seq,
                'finished', coalesce(extract(epoch from finished_at), 0))), '[]') from tasks) as tasks,
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
                where r.slot = 'step' and t.finished_at is not null and r.finished_at is null) as "openRuns"
        """
}
