extension Migration {
    /// Webhooks are claimed by company and endpoint, and their time limit counts from the first attempt.
    ///
    /// `endpoint` stands for scheme, host and port: a new path is no new receiver. It is a hash, so that a claim can
    /// begin at any place among the endpoints of a company. The empty company is that of rows which an older program
    /// writes meanwhile.
    static let webhookTurns = Migration(
        version: 12, name: "webhook turns",
        script: """
            alter table webhook_messages
                add column company_id text not null default '',
                add column endpoint bigint not null generated always as (
                    hashtextextended(lower(coalesce(substring(url from '^[^/?#]*//[^/?#]*'), '')), 0)) stored,
                add column first_attempt_at timestamptz;
            update webhook_messages m set company_id = t.company_id from tasks t where t.workflow_id = m.workflow_id;

            drop index webhook_messages_due;
            create index webhook_messages_turns on webhook_messages (company_id, endpoint, next_attempt_at)
                where state = 'pending';

            -- Lists are in the order of ids, which is that of time.
            drop index webhook_messages_by_state;
            create index webhook_messages_undelivered on webhook_messages (id) where state <> 'delivered';
            create index webhook_messages_undelivered_of_company on webhook_messages (company_id, id)
                where state <> 'delivered';
            create index webhook_messages_of_company on webhook_messages (company_id, id);
            """)
}
