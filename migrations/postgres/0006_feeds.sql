-- What is known of each feed from when it was asked last.
CREATE TABLE feeds (
    name TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    error TEXT,
    asked_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL
);
