-- How fresh each record is, as of the last daily check; and whose owners were told that theirs will be hidden.
ALTER TABLE records ADD COLUMN freshness TEXT NOT NULL DEFAULT 'fresh';
CREATE INDEX records_by_confirmation ON records (library, confirmed_at);
CREATE INDEX records_not_fresh ON records (library) WHERE freshness <> 'fresh';

CREATE TABLE freshness_notices (
    record_id BLOB PRIMARY KEY REFERENCES records (id),
    created_at INTEGER NOT NULL,
    hides_at INTEGER NOT NULL
);
CREATE INDEX freshness_notices_by_day ON freshness_notices (hides_at, record_id);
