//! A request's body under the caps: of bytes, of time, and of what all requests together may hold.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use tokio::time::Sleep;

use super::limits::{Limits, Share};
use super::refusal::Refusal;

/// A body that ends with a [`Refusal`] where a cap is reached.
pub(super) struct CappedBody {
    inner: axum::body::Body,
    left: usize,
    cap: usize,
    deadline: Pin<Box<Sleep>>,
    timeout: Duration,
    share: Arc<Share>,
}

impl CappedBody {
    /// Caps a body; `framing` bytes more than the cap are let through, which belong to the transport.
    pub(super) fn new(inner: axum::body::Body, limits: &Limits, framing: usize, share: Arc<Share>) -> Self {
        Self {
            inner,
            left: limits.body_bytes.saturating_add(framing),
            cap: limits.body_bytes,
            deadline: Box::pin(tokio::time::sleep(limits.body_timeout)),
            timeout: limits.body_timeout,
            share,
        }
    }

    /// The whole body. Errors: it is over the cap, too slow, or ends too early.
    pub(super) async fn read(&mut self) -> Result<Bytes, Refusal> {
        let mut first: Option<Bytes> = None;
        let mut all = BytesMut::new();
        while let Some(frame) = self.frame().await {
            let Ok(data) = frame?.into_data() else { continue };
            // Most bodies come in one frame, which needs no copy.
            match (first.take(), all.is_empty()) {
                (None, true) => first = Some(data),
                (one, _) => {
                    all.extend_from_slice(one.as_deref().unwrap_or_default());
                    all.extend_from_slice(&data);
                }
            }
        }
        Ok(first.unwrap_or_else(|| all.freeze()))
    }

    /// The rest of the body, unread.
    pub(super) fn into_inner(self) -> axum::body::Body {
        self.inner
    }
}

/// Reads on and throws away, up to `left` bytes, so that a sender that is still sending gets to read the answer.
pub(super) async fn drain(mut body: axum::body::Body, mut left: usize) {
    let drain = async {
        while let Some(Ok(frame)) = body.frame().await {
            let Some(less) = frame.data_ref().and_then(|data| left.checked_sub(data.len())) else {
                break;
            };
            left = less;
        }
    };
    // The time is up or the sender is gone: either way there is nothing more to do for it.
    let _ = tokio::time::timeout(Duration::from_secs(2), drain).await;
}

impl Body for CappedBody {
    type Data = Bytes;
    type Error = Refusal;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Refusal>>> {
        let this = &mut *self;
        let frame = match Pin::new(&mut this.inner).poll_frame(cx) {
            Poll::Ready(frame) => frame,
            Poll::Pending => {
                ready!(this.deadline.as_mut().poll(cx));
                return Poll::Ready(Some(Err(Refusal::TooSlow(this.timeout.as_secs()))));
            }
        };
        let frame = match frame {
            None => return Poll::Ready(None),
            Some(Ok(frame)) => frame,
            Some(Err(error)) => {
                let why = format!("the body could not be read to its end: {error}");
                return Poll::Ready(Some(Err(Refusal::Malformed(why))));
            }
        };
        let length = frame.data_ref().map_or(0, Bytes::len);
        let Some(left) = this.left.checked_sub(length) else {
            return Poll::Ready(Some(Err(Refusal::over_body_cap(this.cap))));
        };
        this.left = left;
        Poll::Ready(Some(this.share.take(length).map(|()| frame)))
    }
}
