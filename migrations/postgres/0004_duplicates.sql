-- Keys under which a record is filed, so that records that say the same are found. A record's keys are
-- also kept together, so that they can be taken out again without a second index.
CREATE TABLE record_keys (
    library TEXT COLLATE "C" NOT NULL,
    key BIGINT NOT NULL,
    record_id UUID NOT NULL,
    weight BIGINT NOT NULL,
    PRIMARY KEY (library, key, record_id)
);

CREATE TABLE record_fingerprints (
    record_id UUID PRIMARY KEY REFERENCES records (id),
    library TEXT COLLATE "C" NOT NULL,
    keys TEXT NOT NULL
);

-- Pairs that look alike, for a person to decide. The earlier record stands first.
CREATE TABLE duplicate_offers (
    first_id UUID NOT NULL REFERENCES records (id),
    second_id UUID NOT NULL REFERENCES records (id),
    library TEXT COLLATE "C" NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    decision TEXT NOT NULL,
    decided_at BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (first_id, second_id)
);
CREATE INDEX duplicate_offers_open ON duplicate_offers (created_at) WHERE decision = 'open';
