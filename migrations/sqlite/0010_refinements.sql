-- What a large model has made of a run: waiting, refined or degraded, and then the answer with what it came from.
CREATE TABLE run_refinements (
    run_id BLOB PRIMARY KEY REFERENCES match_runs (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    -- Quotes of the model that stand nowhere in the record, and sentences that were not shown to it.
    removed_quotes INTEGER NOT NULL,
    withheld INTEGER NOT NULL,
    at INTEGER NOT NULL,
    scores TEXT,
    outcome TEXT
);
CREATE INDEX run_refinements_by_time ON run_refinements (at);
