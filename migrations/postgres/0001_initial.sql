-- Times are microseconds since 1970 UTC. Text keys compare by bytes, as SQLite's do.
-- Structured values that no query looks into are JSON in TEXT: their bytes must stay as written.

CREATE TABLE parties (
    id UUID PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- The head of each record; what it says lies in record_revisions.
CREATE TABLE records (
    id UUID PRIMARY KEY,
    library TEXT COLLATE "C" NOT NULL,
    owner UUID NOT NULL REFERENCES parties (id),
    source_name TEXT COLLATE "C" NOT NULL,
    source_key TEXT COLLATE "C" NOT NULL,
    status TEXT NOT NULL,
    revision BIGINT NOT NULL,
    content_hash TEXT NOT NULL,
    -- When this revision set out (a UUIDv7): what sets out earlier and arrives later is old news.
    arrival UUID NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (library, source_name, source_key)
);

CREATE TABLE record_revisions (
    record_id UUID NOT NULL REFERENCES records (id),
    revision BIGINT NOT NULL,
    owner UUID NOT NULL REFERENCES parties (id),
    status TEXT NOT NULL,
    content_version BIGINT NOT NULL,
    content TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (record_id, revision)
);

-- One row: the last sequence given out. Its row lock makes commit order equal sequence order, so the
-- log has no gaps and a reader that has seen n will never see anything below n appear later.
CREATE TABLE change_head (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    seq BIGINT NOT NULL
);
INSERT INTO change_head (id, seq) VALUES (1, 0);

CREATE TABLE change_log (
    seq BIGINT PRIMARY KEY,
    record_id UUID NOT NULL,
    revision BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE jobs (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    payload TEXT NOT NULL,
    result TEXT,
    run_after BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    lease_holder UUID,
    lease_until BIGINT,
    error TEXT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX jobs_claimable ON jobs (kind, run_after) WHERE status IN ('queued', 'running');

CREATE TABLE match_runs (
    id UUID PRIMARY KEY,
    token_hash TEXT,
    source_record UUID,
    source_revision BIGINT,
    profile TEXT NOT NULL,
    applied_seq BIGINT NOT NULL,
    request TEXT NOT NULL,
    scores TEXT NOT NULL,
    outcome TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
);
CREATE INDEX match_runs_by_source ON match_runs (source_record, created_at);
CREATE INDEX match_runs_expiring ON match_runs (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE outcome_events (
    id UUID PRIMARY KEY,
    run_id UUID NOT NULL,
    record_id UUID NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT,
    actor UUID,
    at BIGINT NOT NULL
);
CREATE INDEX outcome_events_by_run ON outcome_events (run_id, at);

CREATE TABLE access_tokens (
    hash TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
