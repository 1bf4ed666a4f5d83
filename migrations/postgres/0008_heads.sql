-- Which achievement stood first in a run that started from a demand, so that no team heads list after list.
ALTER TABLE match_runs ADD COLUMN headed_by UUID;
CREATE INDEX match_runs_headed ON match_runs (created_at) WHERE headed_by IS NOT NULL;
