-- What large models were asked and what they answered: spend by day and caller, the answers to ask no one twice, and the
-- log. A question is entered with the most that it can cost before it is asked.
CREATE TABLE assist_calls (
    id BLOB PRIMARY KEY,
    -- The day in China, as days since 1970.
    day INTEGER NOT NULL,
    caller TEXT NOT NULL,
    purpose TEXT NOT NULL,
    model TEXT NOT NULL,
    prompt_hash TEXT NOT NULL,
    -- asked, answered, failed
    status TEXT NOT NULL,
    answer_hash TEXT,
    error TEXT,
    -- While asked, the most it can cost.
    prompt_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    -- In millionths of a yuan.
    cost_micros INTEGER NOT NULL,
    took_ms INTEGER,
    at INTEGER NOT NULL,
    -- NULL where they hold what not everybody may see. Last, so that what is counted is read without them.
    prompt TEXT,
    answer TEXT
);
-- Holds all that is summed before a question is asked.
CREATE INDEX assist_calls_by_day ON assist_calls (day, caller, prompt_tokens, output_tokens);
CREATE INDEX assist_calls_answered ON assist_calls (prompt_hash, model) WHERE status = 'answered';
CREATE INDEX assist_calls_by_time ON assist_calls (at);
