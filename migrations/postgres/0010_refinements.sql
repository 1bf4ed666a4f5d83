-- What a large model has made of a run: waiting, refined or degraded, and then the answer with what it came from.
CREATE TABLE run_refinements (
    run_id UUID PRIMARY KEY REFERENCES match_runs (id) ON DELETE CASCADE,
    status TEXT NOT NULL,
    -- Quotes of the model that stand nowhere in the record, and sentences that were not shown to it.
    removed_quotes BIGINT NOT NULL,
    withheld BIGINT NOT NULL,
    at BIGINT NOT NULL,
    scores TEXT,
    outcome TEXT
);
CREATE INDEX run_refinements_by_time ON run_refinements (at);
