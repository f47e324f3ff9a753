//! The form of stored payloads.
