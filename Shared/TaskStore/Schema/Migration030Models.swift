extension Migration {
    /// What models answered, and what they did not, to be counted by model and time; what ended in a time, of a company.
    static let models = Migration(
        version: 30, name: "models",
        script: """
            -- Of replies alone. Those that are recorded already are not counted.
            alter table journal add column model text;
            alter table journal add column prompt_tokens bigint;
            alter table journal add column completion_tokens bigint;
            alter table journal add column cost_usd numeric(20, 10);
            create index journal_of_model on journal (model, finished_at desc)
                include (started_at, prompt_tokens, completion_tokens, cost_usd) where model is not null;

            -- A call that a model did not answer. It may have been made again, and of another model.
            create table model_failures (
                id bigint generated always as identity primary key,
                model text not null check (model <> '' and octet_length(model) <= 200),
                code text not null check (code ~ '^[a-z_]{1,64}$'),
                error text not null,
                at timestamptz not null default now()
            );
            create index model_failures_of_model on model_failures (model, at desc);
            create index model_failures_by_age on model_failures (at);

            create index tasks_by_end_of_company on tasks (company_id, finished_at) where finished_at is not null;
            """)
}
