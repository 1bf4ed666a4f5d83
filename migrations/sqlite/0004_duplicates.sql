-- Keys under which a record is filed, so that records that say the same are found. A record's keys are
-- also kept together, so that they can be taken out again without a second index.
CREATE TABLE record_keys (
    library TEXT NOT NULL,
    key INTEGER NOT NULL,
    record_id BLOB NOT NULL,
    weight INTEGER NOT NULL,
    PRIMARY KEY (library, key, record_id)
) WITHOUT ROWID;

CREATE TABLE record_fingerprints (
    record_id BLOB PRIMARY KEY REFERENCES records (id),
    library TEXT NOT NULL,
    keys TEXT NOT NULL
);

-- Pairs that look alike, for a person to decide. The earlier record stands first.
CREATE TABLE duplicate_offers (
    first_id BLOB NOT NULL REFERENCES records (id),
    second_id BLOB NOT NULL REFERENCES records (id),
    library TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    decision TEXT NOT NULL,
    decided_at INTEGER,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (first_id, second_id)
);
CREATE INDEX duplicate_offers_open ON duplicate_offers (created_at) WHERE decision = 'open';
