import Database
import Foundation
import Foundations

/// Fills a database with copies of a task: of each table at most two rows that are of it, so that what fills it always
/// looks as the product leaves it.
enum TaskCopies {
    /// Makes copies, spread over forty companies, and has the server look at what it holds.
    static func make(_ count: Int, of workflow: UUID, in url: String) async throws {
        var configuration = DatabaseConfiguration(url: Secret(url), size: 1)
        configuration.statementTimeout = .seconds(7200)
        let pool = ConnectionPool(configuration)
        let (source, count) = (workflow.uuidString, String(count))
        try await pool.withConnection { connection in
            _ = try connection.execute(
                """
                select set_config('copies.of', \(source), false), set_config('copies.count', \(count), false)
                """)
            try connection.execute(script: copy)
            _ = try connection.execute("vacuum analyze")
            _ = try connection.execute("checkpoint")
        }
        try await pool.close()
    }

    /// What has to be unique gets the number of its copy. Names go by column; ids that are numbers are made anew.
    private static let copy = """
        set session_replication_role = replica;
        do $$
        declare
            part record;
        begin
            for part in
                select c.table_name, string_agg(quote_ident(c.column_name), ', ' order by c.ordinal_position) as names,
                    string_agg(format(case
                        when c.column_name in ('task_id', 'branch_name') then 'o.%I || ''-'' || n'
                        when c.column_name = 'id' and c.data_type = 'text' then 'o.%I || ''-'' || n'
                        when c.column_name = 'company_id' then 'o.%I || ''-'' || n %% 40'
                        when c.column_name = 'request'
                            then 'jsonb_set(o.%I, ''{task,id}'', to_jsonb(o.task_id || ''-'' || n))'
                        when c.data_type = 'uuid' then 'md5(n || o.%I::text)::uuid'
                        else 'o.%I' end, c.column_name), ', ' order by c.ordinal_position) as copied
                from information_schema.columns c
                    join information_schema.tables t using (table_schema, table_name)
                where table_schema = current_schema() and t.table_type = 'BASE TABLE' and c.is_identity = 'NO'
                    and c.is_generated = 'NEVER' and exists (
                        select from information_schema.columns w
                        where w.table_schema = c.table_schema and w.table_name = c.table_name
                            and w.column_name = 'workflow_id')
                group by c.table_name
            loop
                execute format('insert into %1$I (%2$s) select %3$s from '
                    '(select * from %1$I where workflow_id = current_setting(''copies.of'')::uuid limit 2) o, '
                    'generate_series(1, current_setting(''copies.count'')::int) n',
                    part.table_name, part.names, part.copied);
            end loop;
        end $$;
        set session_replication_role = origin;
        """
}
