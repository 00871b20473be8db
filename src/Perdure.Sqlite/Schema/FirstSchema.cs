namespace Perdure.Sqlite.Schema;

/// <summary>
/// Version 1. The tables carry a prefix because the file may be the application's own database. Instants are microseconds since 1970,
/// <c>9223372036854775807</c> is never; where never is usual it is NULL. An owner of 0 is nobody.
/// </summary>
internal static class FirstSchema
{
    public const string Script = """
        CREATE TABLE perdure_counter(
            name TEXT NOT NULL PRIMARY KEY,
            value INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO perdure_counter(name, value) VALUES('run', 0);

        -- AUTOINCREMENT: a worker's key is never used again, not even when its row is gone.
        CREATE TABLE perdure_worker(
            key INTEGER PRIMARY KEY AUTOINCREMENT,
            id BLOB NOT NULL UNIQUE,
            name TEXT NOT NULL,
            lease INTEGER NOT NULL,
            lease_until INTEGER NOT NULL,
            renewals INTEGER NOT NULL,
            registered_at INTEGER NOT NULL,
            locked INTEGER NOT NULL,
            alive INTEGER NOT NULL,
            freed INTEGER NOT NULL,
            died_at INTEGER
        );

        CREATE TABLE perdure_lane(
            worker INTEGER NOT NULL,
            no INTEGER NOT NULL,
            alive INTEGER NOT NULL,
            last_group INTEGER NOT NULL,
            barrier INTEGER NOT NULL,
            PRIMARY KEY(worker, no)
        ) WITHOUT ROWID;

        -- What is long stands last: a list reads only the beginning of each row. The input is in the run's first event row, because
        -- that row is written anyway and never again, whereas this one is rewritten with every change of status.
        CREATE TABLE perdure_run(
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL,
            workflow TEXT NOT NULL,
            version INTEGER NOT NULL,
            queue TEXT NOT NULL,
            priority INTEGER NOT NULL,
            status INTEGER NOT NULL,
            phase INTEGER NOT NULL,
            owner INTEGER NOT NULL,
            term INTEGER NOT NULL,
            claim INTEGER NOT NULL,
            events INTEGER NOT NULL,
            inbox INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            crashes INTEGER NOT NULL,
            losses INTEGER NOT NULL,
            max_crashes INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            closed_at INTEGER,
            deadline INTEGER,
            semantics INTEGER NOT NULL,
            start_key TEXT,
            tags TEXT,
            waiting BLOB,
            published BLOB,
            result BLOB,
            failure BLOB
        );
        CREATE UNIQUE INDEX perdure_run_id ON perdure_run(id);
        CREATE INDEX perdure_run_created ON perdure_run(created_at);
        CREATE INDEX perdure_run_due ON perdure_run(queue, priority DESC, due_at) WHERE owner = 0 AND status < 10;
        CREATE INDEX perdure_run_owned ON perdure_run(owner) WHERE owner > 0;
        -- The runs that people look for: ended badly, or stopped. An ordinary run never enters these two.
        CREATE INDEX perdure_run_unhappy ON perdure_run(created_at) WHERE status > 10;
        CREATE INDEX perdure_run_stopped ON perdure_run(created_at) WHERE status IN (3, 4);

        -- One row for each batch of events, in commit order. The table only grows at its end, and the index is narrow: clustering by run
        -- would dirty one page for each run of a group.
        CREATE TABLE perdure_event(
            run INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            count INTEGER NOT NULL,
            bytes BLOB NOT NULL,
            input BLOB,
            options BLOB,
            input_hash BLOB
        );
        CREATE UNIQUE INDEX perdure_event_place ON perdure_event(run, seq);

        CREATE TABLE perdure_start_key(
            key TEXT NOT NULL PRIMARY KEY,
            run INTEGER NOT NULL,
            run_id TEXT NOT NULL,
            workflow TEXT NOT NULL,
            input_hash BLOB
        ) WITHOUT ROWID;

        CREATE TABLE perdure_tag(
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            run INTEGER NOT NULL,
            PRIMARY KEY(name, value, run)
        ) WITHOUT ROWID;
        CREATE INDEX perdure_tag_run ON perdure_tag(run);

        CREATE TABLE perdure_message(
            run INTEGER NOT NULL,
            pos INTEGER NOT NULL,
            id TEXT NOT NULL,
            kind INTEGER NOT NULL,
            op INTEGER,
            name TEXT NOT NULL,
            at INTEGER NOT NULL,
            payload BLOB,
            PRIMARY KEY(run, pos)
        ) WITHOUT ROWID;
        CREATE UNIQUE INDEX perdure_message_id ON perdure_message(run, id);

        -- The number of an attempt is used + token: used counts the attempts that earlier tasks of the operation took, less what was refunded, less the tokens before
        -- this task's first.
        CREATE TABLE perdure_task(
            run INTEGER NOT NULL,
            op INTEGER NOT NULL,
            activity TEXT NOT NULL,
            queue TEXT NOT NULL,
            priority INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            owner INTEGER NOT NULL,
            token INTEGER NOT NULL,
            claim INTEGER NOT NULL,
            used INTEGER NOT NULL,
            crashes INTEGER NOT NULL,
            cancelled INTEGER NOT NULL,
            expired INTEGER NOT NULL,
            start_deadline INTEGER,
            close_deadline INTEGER,
            expires_at INTEGER,
            options BLOB,
            details BLOB,
            input BLOB
        );
        CREATE UNIQUE INDEX perdure_task_place ON perdure_task(run, op);
        CREATE INDEX perdure_task_due ON perdure_task(queue, priority DESC, due_at) WHERE owner = 0;
        CREATE INDEX perdure_task_expiry ON perdure_task(queue, expires_at) WHERE owner = 0 AND expires_at IS NOT NULL;
        CREATE INDEX perdure_task_owned ON perdure_task(owner) WHERE owner > 0;
        """;
}
