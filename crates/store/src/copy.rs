//! Rows for `COPY ... FROM STDIN (FORMAT binary)`: the fastest way in, and no text to quote.
//!
//! The form is PostgreSQL's (documentation of COPY, "Binary Format"): a header, for each row the number of columns and for
//! each column its length and its bytes in network order, and -1 at the end.

use crate::error::StoreError;

const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Type oid of `integer`, which an array of them names.
const INT4_OID: u32 = 23;

/// How many bytes are sent at a time.
const CHUNK: usize = 1 << 20;

/// Rows of one table.
#[derive(Debug)]
pub(crate) struct Rows {
    bytes: Vec<u8>,
    columns: u16,
}

impl Rows {
    /// None yet; each will have this many columns.
    pub(crate) fn new(columns: u16) -> Self {
        Self {
            bytes: HEADER.to_vec(),
            columns,
        }
    }

    /// Begins a row. As many values as there are columns must follow.
    pub(crate) fn row(&mut self) -> &mut Self {
        self.bytes.extend(self.columns.to_be_bytes());
        self
    }

    /// `bigint`, of a number that must not exceed it (times do until the year 2262); greater ones are its greatest.
    pub(crate) fn nanos(&mut self, value: u64) -> &mut Self {
        self.int8(i64::try_from(value).unwrap_or(i64::MAX))
    }

    /// `bigint`.
    pub(crate) fn int8(&mut self, value: i64) -> &mut Self {
        self.bytea(&value.to_be_bytes())
    }

    /// `integer`.
    pub(crate) fn int4(&mut self, value: i32) -> &mut Self {
        self.bytea(&value.to_be_bytes())
    }

    /// `smallint`.
    pub(crate) fn int2(&mut self, value: i16) -> &mut Self {
        self.bytea(&value.to_be_bytes())
    }

    /// `boolean`.
    pub(crate) fn bool(&mut self, value: bool) -> &mut Self {
        self.bytea(&[u8::from(value)])
    }

    /// `bytea`; and `text`, which must hold no NUL.
    pub(crate) fn bytea(&mut self, value: &[u8]) -> &mut Self {
        self.bytes.extend((value.len() as u32).to_be_bytes());
        self.bytes.extend(value);
        self
    }

    /// `integer[]`.
    pub(crate) fn int4_array(&mut self, values: &[i32]) -> &mut Self {
        let dimensions = u32::from(!values.is_empty());
        let length = 12 + 8 * dimensions + 8 * values.len() as u32;
        // Length, dimensions, whether there are nulls, the elements' type; for each dimension its length and first index.
        for word in [length, dimensions, 0, INT4_OID] {
            self.bytes.extend(word.to_be_bytes());
        }
        if !values.is_empty() {
            for word in [values.len() as u32, 1] {
                self.bytes.extend(word.to_be_bytes());
            }
        }
        for value in values {
            self.bytes.extend(4_u32.to_be_bytes());
            self.bytes.extend(value.to_be_bytes());
        }
        self
    }

    /// Copies the rows into `target`, a table with its columns in parentheses.
    pub(crate) async fn copy(mut self, conn: &mut crate::Connection, target: &'static str) -> Result<(), StoreError> {
        self.bytes.extend((-1_i16).to_be_bytes());
        let statement = format!("COPY {target} FROM STDIN (FORMAT binary)");
        let (connection, mut wait) = conn.parts()?;
        let copying = async {
            let mut copy = connection.copy_in_raw(&statement).await?;
            for chunk in self.bytes.chunks(CHUNK) {
                copy.send(chunk).await?;
            }
            copy.finish().await
        };
        wait.answer(copying).await??;
        Ok(())
    }
}
