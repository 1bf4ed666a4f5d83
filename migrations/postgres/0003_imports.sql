-- Files on their way in. The file itself is kept for a while, so that it can be read again after a crash
-- and given back with its mistakes; its rows travel as jobs.
CREATE TABLE imports (
    id UUID PRIMARY KEY,
    library TEXT COLLATE "C" NOT NULL,
    source_name TEXT COLLATE "C" NOT NULL,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    sample BOOLEAN NOT NULL,
    -- Whether a person looks at the columns before rows are taken.
    asks_mapping BOOLEAN NOT NULL,
    stage TEXT NOT NULL,
    mapping TEXT NOT NULL,
    preview TEXT,
    notes TEXT NOT NULL,
    row_count BIGINT,
    error TEXT,
    bytes BYTEA,
    bytes_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX imports_newest ON imports (created_at);
CREATE INDEX imports_with_bytes ON imports (bytes_until) WHERE bytes IS NOT NULL;

ALTER TABLE jobs ADD COLUMN import_id UUID REFERENCES imports (id);
CREATE INDEX jobs_of_import ON jobs (import_id) WHERE import_id IS NOT NULL;

-- What a source has said about its headers.
CREATE TABLE source_mappings (
    library TEXT COLLATE "C" NOT NULL,
    source_name TEXT COLLATE "C" NOT NULL,
    mapping TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (library, source_name)
);
