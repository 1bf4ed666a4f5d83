-- What a large model has made of a run: waiting, refined or degraded, and then the answer with what it came from.
ALTER TABLE match_runs ADD COLUMN refinement TEXT;
ALTER TABLE match_runs ADD COLUMN refined_scores TEXT;
ALTER TABLE match_runs ADD COLUMN refined_outcome TEXT;
