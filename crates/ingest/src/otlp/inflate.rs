//! Decompression that stops at its cap: what a small body would swell to is never held.

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;

use super::limits::Share;
use super::refusal::Refusal;

/// Bytes at a time.
const STEP: usize = 64 << 10;

/// Decompresses gzip, also of several members, to at most `cap` bytes.
pub(super) fn gunzip(compressed: &[u8], cap: usize, share: &Share) -> Result<Bytes, Refusal> {
    let mut decoder = MultiGzDecoder::new(compressed);
    let mut out = Vec::with_capacity(compressed.len().saturating_mul(4).min(cap));
    loop {
        let before = out.len();
        let step = STEP.min(cap - before + 1);
        match decoder.by_ref().take(step as u64).read_to_end(&mut out) {
            Ok(0) => return Ok(out.into()),
            Ok(read) => share.take(read)?,
            Err(error) => {
                return Err(Refusal::Malformed(format!(
                    "the body is not whole and valid gzip: {error}"
                )));
            }
        }
        if out.len() > cap {
            return Err(Refusal::over_decompressed_cap(cap));
        }
    }
}
