//! What a span or a record must meet, exactly.
