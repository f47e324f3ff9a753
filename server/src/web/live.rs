//! `/live`: tells an open page by SSE that there is something new.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::{FromRef, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use axum::routing::get;
use futures::{Stream, StreamExt};
use pointsman_control::{Console, Problem};
use tokio_stream::wrappers::BroadcastStream;
use tokio_util::sync::CancellationToken;

use super::api::failure::Failure;
use super::desk::Desk;

/// How often a quiet stream says that it is still there, so that proxies keep it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How long a browser waits before it connects anew.
const RETRY: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Shared {
    console: Console,
    stop: CancellationToken,
}

impl FromRef<Shared> for Console {
    fn from_ref(shared: &Shared) -> Self {
        shared.console.clone()
    }
}

pub fn router(console: Console, stop: CancellationToken) -> Router {
    Router::new()
        .route("/live", get(live))
        .with_state(Shared { console, stop })
}

async fn live(
    State(shared): State<Shared>,
    desk: Desk,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, Failure> {
    let events = BroadcastStream::new(desk.live().map_err(Problem::from)?).filter_map(async |event| {
        // A page that fell behind missed some, and reads everything again at the next one anyway.
        let event = event.ok()?;
        // Without a name, so that one listener hears every topic; which one it is stands in the data.
        Event::default().json_data(&event).ok()
    });
    let hello = Event::default().retry(RETRY).comment("open");
    let stream = futures::stream::once(async { hello })
        .chain(events)
        .map(Ok)
        .take_until(shared.stop.cancelled_owned());
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}
