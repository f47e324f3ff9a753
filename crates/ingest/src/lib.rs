//! Pointsman: ingest.
