-- What people have said of a record after looking at it.
CREATE TABLE record_reviews (
    id BLOB PRIMARY KEY,
    record_id BLOB NOT NULL REFERENCES records (id),
    kind TEXT NOT NULL,
    other_id BLOB REFERENCES records (id),
    status TEXT,
    at INTEGER NOT NULL
);
CREATE INDEX record_reviews_of ON record_reviews (record_id, at);
