-- What people have said of a record after looking at it.
CREATE TABLE record_reviews (
    id UUID PRIMARY KEY,
    record_id UUID NOT NULL REFERENCES records (id),
    kind TEXT NOT NULL,
    other_id UUID REFERENCES records (id),
    status TEXT,
    at BIGINT NOT NULL
);
CREATE INDEX record_reviews_of ON record_reviews (record_id, at);
