//! How much a frame may be, and what is wrong with one.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The most bytes of a frame that a client sends.
pub const MAX_CLIENT_FRAME: usize = 128 * 1024;
/// The most bytes of a frame that a server sends: a snapshot of 100,000 nodes.
pub const MAX_SERVER_FRAME: usize = 64 * 1024 * 1024;
/// The most services that a connection subscribes to by name.
pub const MAX_SUBSCRIBED: usize = 1_000;
/// The most refusals of an acknowledgement.
pub const MAX_REFUSALS: usize = 100;

/// What a server allows a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Limits {
    /// The most bytes of a frame.
    pub max_frame_bytes: u32,
    /// The most nodes that it registers.
    pub max_nodes: u32,
    /// The most frames a second, on average over 10 s.
    pub max_frames_per_second: u32,
}

/// Why a message is no frame.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// It is too long; it was not read.
    #[error("the frame has {len} bytes, at most {most} are taken")]
    TooLong {
        /// Its length in bytes.
        len: usize,
        /// What is taken.
        most: usize,
    },
    /// It is not JSON.
    #[error("the frame is not JSON: {0}")]
    NotJson(String),
    /// A part of it is missing or wrong.
    #[error("the frame can't be read: {0}")]
    Invalid(String),
    /// A list of it is too long.
    #[error("{field}: has {len}. Give at most {most}")]
    TooMany {
        /// Which list.
        field: &'static str,
        /// Its length.
        len: usize,
        /// What is taken.
        most: usize,
    },
}

pub(super) fn read<T: DeserializeOwned>(text: &str, most: usize) -> Result<T, FrameError> {
    let len = text.len();
    if len > most {
        return Err(FrameError::TooLong { len, most });
    }
    serde_json::from_str(text).map_err(|error| match error.classify() {
        serde_json::error::Category::Data => FrameError::Invalid(error.to_string()),
        _ => FrameError::NotJson(error.to_string()),
    })
}
