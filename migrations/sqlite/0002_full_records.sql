-- Public numbers, freshness, and the record that stands for others that say the same.

ALTER TABLE records ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
ALTER TABLE records ADD COLUMN confirmed_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE records ADD COLUMN duplicate_of BLOB REFERENCES records (id);
UPDATE records SET
    confirmed_at = updated_at,
    number = (SELECT COUNT(*) FROM records o WHERE o.library = records.library AND o.id <= records.id);
CREATE UNIQUE INDEX records_by_number ON records (library, number);
CREATE INDEX records_by_shown ON records (duplicate_of) WHERE duplicate_of IS NOT NULL;

-- The last number given out in each library.
CREATE TABLE library_numbers (
    library TEXT PRIMARY KEY,
    last INTEGER NOT NULL
);
INSERT INTO library_numbers (library, last)
SELECT l.code, (SELECT COUNT(*) FROM records r WHERE r.library = l.code)
FROM (
    SELECT 'achievement' AS code UNION ALL SELECT 'demand'
    UNION ALL SELECT 'equipment' UNION ALL SELECT 'policy'
) l;

-- Where a revision was read; not part of what it says.
ALTER TABLE record_revisions ADD COLUMN provenance TEXT NOT NULL DEFAULT '{}';
