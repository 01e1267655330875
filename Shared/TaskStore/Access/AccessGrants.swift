import Contracts

/// What each role may do: ``TableRights`` and ``RowRights`` for services. It can be applied again at any time: what was
/// granted otherwise is taken back.
///
/// The tables are those that the owner of the schema owns, so that a later migration's are among them.
enum AccessGrants {
    /// What people may read, if it is of their companies: no journal, no packs, no refused submissions.
    static let forPeople = [
        "tasks", "task_activities", "discoveries", "stage_runs", "dependencies", "catalogue",
    ]

    /// What people may read of the lines about their companies' tasks.
    private static let linesForPeople =
        "id, timestamp, level, service, message, workflow_id, company_id, project_id, task_id"

    /// What services do not read either, but for those that a row below names.
    private static let closed = [
        "sealed_credentials", "project_credentials", "readers", "access_tokens", "access_sessions",
    ]

    /// Who may open credentials.
    private static let openers = ServiceKind.allCases.filter { $0.settings.contains(.sealingKey) }
        .map(DatabaseRole.service)

    /// Who changes the state of a workflow, and not what was asked for.
    private static let writersOfState = TableRights.rows.filter { $0.table == "tasks" }.flatMap(\.update)
        .filter { $0 != .planner }.map(DatabaseRole.service)

    static let script = """
        do $$
        declare
            services constant text := '\(names(DatabaseRole.services))';
            everyone constant text := '\(names(DatabaseRole.allCases))';
            place constant text := quote_ident(current_schema());
            owned name;
            stale name;
            callable regprocedure;
        begin
            execute format('revoke create on schema %s from public, %s', place, everyone);
            execute format('grant usage on schema %s to %s', place, everyone);
            execute format('revoke temporary on database %I from public, %s', current_database(), everyone);
            for owned in select relname from pg_class
                where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
                    and relowner = (select relowner from pg_class where oid = 'schema_migrations'::regclass)
            loop
                execute format('revoke all on %I from public, %s', owned, everyone);
                if owned <> all (array[\(list(closed))]) then
                    execute format('grant select on %I to %s', owned, services);
                end if;
                for stale in select polname from pg_policy where polrelid = format('%I', owned)::regclass loop
                    execute format('drop policy %I on %I', stale, owned);
                end loop;
                if owned = any (array[\(list(forPeople))]) then
                    execute format('grant select on %I to \(DatabaseRole.reader.name)', owned);
                    execute format('alter table %I enable row level security', owned);
                    execute format('create policy people on %I for select to \(DatabaseRole.reader.name) using (
                        company_id in (select company from readers where role = current_user))', owned);
                end if;
            end loop;
            -- Anybody may hold the locks that services wait for, and fill the disk with large objects. Only a superuser
            -- can take that back.
            if (select rolsuper from pg_roles where rolname = current_user) then
                for callable in select oid::regprocedure from pg_proc where pronamespace = 'pg_catalog'::regnamespace
                    and proname ~ '^(pg_(try_)?advisory_|lo_creat|lo_from_bytea)'
                loop
                    execute format('revoke execute on function %s from public, %s', callable, everyone);
                end loop;
                execute format('grant execute on function pg_advisory_xact_lock(bigint),
                    pg_advisory_xact_lock(integer, integer) to %s, %s', services,
                    (select relowner::regrole from pg_class where oid = 'schema_migrations'::regclass));
            end if;
            \(ServiceKind.allCases.map(TableRights.grants(to:)).joined())
            execute (select format('grant update (%s) on tasks to %s',
                    string_agg(quote_ident(attname), ', '), '\(names(writersOfState))')
                from pg_attribute where attrelid = 'tasks'::regclass and attnum > 0 and not attisdropped
                    and attname <> all (array[\(list(TableRights.ofRequest))]));
            \(RowRights.policies)
            grant select on sealed_credentials to \(names(openers));
            grant select (\(linesForPeople)) on execution_logs to \(DatabaseRole.reader.name);
            create policy people on execution_logs for select to \(DatabaseRole.reader.name) using (
                company_id in (select company from readers where role = current_user));
            grant select on project_credentials to \(DatabaseRole.service(.planner).name);
            grant select on access_tokens, access_sessions to \(DatabaseRole.service(.gateway).name);
            -- Each person sees the own line alone.
            grant select on readers to \(DatabaseRole.reader.name);
            alter table readers enable row level security;
            create policy people on readers for select to \(DatabaseRole.reader.name) using (role = current_user);
        end $$
        """

    private static func names(_ roles: [DatabaseRole]) -> String { roles.map(\.name).joined(separator: ", ") }
    private static func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}
