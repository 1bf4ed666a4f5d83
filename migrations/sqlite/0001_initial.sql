-- Times are microseconds since 1970 UTC. Text keys compare by bytes (the default collation).
-- Structured values that no query looks into are JSON in TEXT: their bytes must stay as written.

CREATE TABLE parties (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    created_at INTEGER NOT NULL
);

-- The head of each record; what it says lies in record_revisions.
CREATE TABLE records (
    id BLOB PRIMARY KEY,
    library TEXT NOT NULL,
    owner BLOB NOT NULL REFERENCES parties (id),
    source_name TEXT NOT NULL,
    source_key TEXT NOT NULL,
    status TEXT NOT NULL,
    revision INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    -- When this revision set out (a UUIDv7): what sets out earlier and arrives later is old news.
    arrival BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (library, source_name, source_key)
);

CREATE TABLE record_revisions (
    record_id BLOB NOT NULL REFERENCES records (id),
    revision INTEGER NOT NULL,
    owner BLOB NOT NULL REFERENCES parties (id),
    status TEXT NOT NULL,
    content_version INTEGER NOT NULL,
    content TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (record_id, revision)
);

-- One row: the last sequence given out. The single writer makes commit order equal sequence order, so the
-- log has no gaps and a reader that has seen n will never see anything below n appear later.
CREATE TABLE change_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seq INTEGER NOT NULL
);
INSERT INTO change_head (id, seq) VALUES (1, 0);

CREATE TABLE change_log (
    seq INTEGER PRIMARY KEY,
    record_id BLOB NOT NULL,
    revision INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL
);

CREATE TABLE jobs (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    payload TEXT NOT NULL,
    result TEXT,
    run_after INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    max_attempts INTEGER NOT NULL,
    lease_holder BLOB,
    lease_until INTEGER,
    error TEXT,
    created_at INTEGER NOT NULL,
    finished_at INTEGER
);
CREATE INDEX jobs_claimable ON jobs (kind, run_after) WHERE status IN ('queued', 'running');

CREATE TABLE match_runs (
    id BLOB PRIMARY KEY,
    token_hash TEXT,
    source_record BLOB,
    source_revision INTEGER,
    profile TEXT NOT NULL,
    applied_seq INTEGER NOT NULL,
    request TEXT NOT NULL,
    scores TEXT NOT NULL,
    outcome TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER
);
CREATE INDEX match_runs_by_source ON match_runs (source_record, created_at);
CREATE INDEX match_runs_expiring ON match_runs (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE outcome_events (
    id BLOB PRIMARY KEY,
    run_id BLOB NOT NULL,
    record_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT,
    actor BLOB,
    at INTEGER NOT NULL
);
CREATE INDEX outcome_events_by_run ON outcome_events (run_id, at);

CREATE TABLE access_tokens (
    hash TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
