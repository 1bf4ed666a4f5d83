-- Which achievement stands first in the newest answer to each demand, so that no team heads list after list.
CREATE TABLE list_heads (
    source_record BLOB PRIMARY KEY REFERENCES records (id),
    headed_by BLOB NOT NULL REFERENCES records (id),
    at INTEGER NOT NULL
);
CREATE INDEX list_heads_by_time ON list_heads (at);
