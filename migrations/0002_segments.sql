-- A slot is 30 s of arrival. Writers hold a key-share lock of its row while they write into it; the compactor holds the row.
CREATE TABLE slot (
    slot bigint PRIMARY KEY,
    compacted_ns bigint
);

-- Spans of one trace that arrived together, in a partition a slot. No search index: there are few rows, and not for long.
CREATE TABLE span_fragment (
    slot bigint NOT NULL,
    trace_id bytea NOT NULL,
    start_ns bigint NOT NULL,
    end_ns bigint NOT NULL,
    max_duration_ns bigint NOT NULL,
    spans integer NOT NULL,
    errors integer NOT NULL,
    terms integer[] NOT NULL,
    terms_cut boolean NOT NULL,
    halves bytea NOT NULL,
    payload bytea NOT NULL
) PARTITION BY LIST (slot);
ALTER TABLE span_fragment ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE span_fragment ALTER COLUMN halves SET STORAGE EXTERNAL;
CREATE INDEX span_fragment_trace ON span_fragment (trace_id);

-- Numbers rows of both log tables, so that a search can page through the two together.
CREATE SEQUENCE log_row AS bigint CACHE 64;

-- Log records of one service that arrived together.
CREATE TABLE log_fragment (
    slot bigint NOT NULL,
    id bigint NOT NULL DEFAULT nextval('log_row'),
    service text NOT NULL,
    start_ns bigint NOT NULL,
    end_ns bigint NOT NULL,
    max_severity smallint NOT NULL,
    records integer NOT NULL,
    terms integer[] NOT NULL,
    terms_cut boolean NOT NULL,
    payload bytea NOT NULL
) PARTITION BY LIST (slot);
ALTER TABLE log_fragment ALTER COLUMN payload SET STORAGE EXTERNAL;

-- Spans of one trace, from one slot, in a partition an hour of start. The lists of terms are searched by GIN; a row whose list was cut must
-- be looked into by every search. Rows are written in bulk: fastupdate defers the index work, and the keeper does it.
CREATE TABLE span_segment (
    trace_id bytea NOT NULL,
    start_ns bigint NOT NULL,
    end_ns bigint NOT NULL,
    max_duration_ns bigint NOT NULL,
    spans integer NOT NULL,
    errors integer NOT NULL,
    terms integer[] NOT NULL,
    terms_cut boolean NOT NULL,
    payload bytea NOT NULL
) PARTITION BY RANGE (start_ns);
ALTER TABLE span_segment ALTER COLUMN payload SET STORAGE EXTERNAL;
CREATE INDEX span_segment_trace ON span_segment (trace_id);
-- The order in which a search reads.
CREATE INDEX span_segment_start ON span_segment (start_ns, trace_id);
CREATE INDEX span_segment_cut ON span_segment (start_ns) WHERE terms_cut;
CREATE INDEX span_segment_terms ON span_segment USING gin (terms) WITH (fastupdate = on, gin_pending_list_limit = 16384);

CREATE TABLE log_segment (
    id bigint NOT NULL DEFAULT nextval('log_row'),
    service text NOT NULL,
    start_ns bigint NOT NULL,
    end_ns bigint NOT NULL,
    max_severity smallint NOT NULL,
    records integer NOT NULL,
    terms integer[] NOT NULL,
    terms_cut boolean NOT NULL,
    payload bytea NOT NULL
) PARTITION BY RANGE (start_ns);
ALTER TABLE log_segment ALTER COLUMN payload SET STORAGE EXTERNAL;
CREATE INDEX log_segment_end ON log_segment (end_ns, id);
CREATE INDEX log_segment_cut ON log_segment (end_ns) WHERE terms_cut;
CREATE INDEX log_segment_terms ON log_segment USING gin (terms) WITH (fastupdate = on, gin_pending_list_limit = 16384);
