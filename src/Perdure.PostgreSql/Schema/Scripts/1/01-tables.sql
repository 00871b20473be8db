-- Instants are microseconds since 1970; 9223372036854775807 is never. An owner of 0 is nobody. Texts are compared byte by byte.

CREATE TABLE {schema}.counter(
    name text PRIMARY KEY,
    value bigint NOT NULL
) WITH (fillfactor = 10);
INSERT INTO {schema}.counter(name, value) VALUES ('run', 0);

CREATE TABLE {schema}.worker(
    key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    name text NOT NULL,
    lease bigint NOT NULL,
    lease_until bigint NOT NULL,
    renewals bigint NOT NULL,
    registered_at bigint NOT NULL,
    -- Whether the worker has held the session lock of its key: only then a free lock is a hint that it is gone.
    locked boolean NOT NULL,
    alive boolean NOT NULL,
    freed boolean NOT NULL,
    died_at bigint,
    activities text[] NOT NULL
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- One row is updated by every group: it must stay on its page.
CREATE TABLE {schema}.lane(
    worker bigint NOT NULL,
    no integer NOT NULL,
    alive boolean NOT NULL,
    last_group bigint NOT NULL,
    barrier bigint NOT NULL,
    PRIMARY KEY (worker, no)
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- What is long stands last. The input is in the run's first event row, because that row is written anyway and never again, whereas this one is rewritten with every
-- change of status.
CREATE TABLE {schema}.run(
    key bigint PRIMARY KEY,
    owner bigint NOT NULL,
    claim bigint NOT NULL,
    inbox bigint NOT NULL,
    due_at bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    closed_at bigint NOT NULL,
    deadline bigint NOT NULL,
    term integer NOT NULL,
    events integer NOT NULL,
    version integer NOT NULL,
    priority integer NOT NULL,
    crashes integer NOT NULL,
    losses integer NOT NULL,
    max_crashes integer NOT NULL,
    semantics integer NOT NULL,
    status smallint NOT NULL,
    phase smallint NOT NULL,
    id text COLLATE "C" NOT NULL,
    workflow text COLLATE "C" NOT NULL,
    queue text COLLATE "C" NOT NULL,
    start_key text COLLATE "C",
    tags text,
    waiting bytea NOT NULL,
    published bytea NOT NULL,
    result bytea NOT NULL,
    failure bytea NOT NULL
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.1);
CREATE UNIQUE INDEX run_id ON {schema}.run(id);
CREATE INDEX run_created ON {schema}.run(created_at, id);
-- A run that is born, driven and ended by one worker never enters the first of these two; one that waits for a message only is in neither.
CREATE INDEX run_due ON {schema}.run(queue, priority DESC, due_at, key) WHERE owner = 0 AND status < 10 AND due_at < 9223372036854775807;
CREATE INDEX run_owned ON {schema}.run(owner, claim, key) WHERE owner > 0;
-- The runs that people look for: ended badly, or stopped. An ordinary run never enters these two.
CREATE INDEX run_unhappy ON {schema}.run(created_at, id) WHERE status > 10;
CREATE INDEX run_stopped ON {schema}.run(created_at, id) WHERE status IN (3, 4);

-- One row for each batch of events. Rows are never changed; they go only with their run.
CREATE TABLE {schema}.event(
    run bigint NOT NULL,
    seq integer NOT NULL,
    count integer NOT NULL,
    bytes bytea NOT NULL,
    input bytea,
    options bytea,
    input_hash bytea,
    CONSTRAINT event_place PRIMARY KEY (run, seq)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.5);

CREATE TABLE {schema}.start_key(
    key text COLLATE "C" PRIMARY KEY,
    run bigint NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    workflow text COLLATE "C" NOT NULL,
    input_hash bytea NOT NULL
);

CREATE TABLE {schema}.tag(
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    run bigint NOT NULL,
    PRIMARY KEY (name, value, run)
);
CREATE INDEX tag_run ON {schema}.tag(run);

CREATE TABLE {schema}.message(
    run bigint NOT NULL,
    pos bigint NOT NULL,
    at bigint NOT NULL,
    kind integer NOT NULL,
    op integer,
    id text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    payload bytea NOT NULL,
    PRIMARY KEY (run, pos)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 1000);
CREATE UNIQUE INDEX message_id ON {schema}.message(run, id);

-- The number of an attempt is used + token: used counts the attempts that earlier tasks of the operation took, less what was refunded, less the tokens before this
-- task's first.
CREATE TABLE {schema}.task(
    run bigint NOT NULL,
    owner bigint NOT NULL,
    token bigint NOT NULL,
    claim bigint NOT NULL,
    used bigint NOT NULL,
    due_at bigint NOT NULL,
    close_deadline bigint NOT NULL,
    -- The earlier of the two deadlines. NULL if there is none, so that the index of what expires holds only what does.
    expires_at bigint,
    op integer NOT NULL,
    priority integer NOT NULL,
    crashes integer NOT NULL,
    cancelled boolean NOT NULL,
    expired boolean NOT NULL,
    activity text COLLATE "C" NOT NULL,
    queue text COLLATE "C" NOT NULL,
    options bytea NOT NULL,
    details bytea NOT NULL,
    input bytea NOT NULL,
    CONSTRAINT task_place PRIMARY KEY (run, op)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
CREATE INDEX task_due ON {schema}.task(queue, priority DESC, due_at, run, op) WHERE owner = 0;
CREATE INDEX task_expiry ON {schema}.task(queue, expires_at, run, op) WHERE owner = 0 AND expires_at IS NOT NULL;
CREATE INDEX task_owned ON {schema}.task(owner, claim, run, op) WHERE owner > 0;
