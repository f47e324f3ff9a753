-- Failures of nodes are folded by the merger, to a minute each; what it has folded it leaves alone.
ALTER TABLE node_error ADD COLUMN folded boolean NOT NULL DEFAULT false;
CREATE INDEX node_error_unfolded ON node_error (window_ns) WHERE NOT folded;
