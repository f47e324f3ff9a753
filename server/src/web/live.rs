//! `/live`: tells an open page by SSE that there is something new, as long as whoever opened it may read.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::extract::{Extension, FromRef, State};
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use axum::routing::on;
use futures::{Stream, StreamExt};
use pointsman_control::access::{Target, may};
use pointsman_control::{Control, Problem};
use pointsman_domain::people::Action;
use tokio_stream::wrappers::BroadcastStream;
use tokio_util::sync::CancellationToken;

use super::api::failure::ApiFailure;
use super::identify::Credentials;
use super::routes::Machine;
use super::use_cases::UseCases;

/// How often a quiet stream says that it is still there, so that proxies keep it.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// How often it is asked whether the session or token is still good.
const LOOK: Duration = Duration::from_secs(30);
/// How long a browser waits before it connects anew.
const RETRY: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Shared {
    control: Control,
    stop: CancellationToken,
}

impl FromRef<Shared> for Control {
    fn from_ref(shared: &Shared) -> Self {
        shared.control.clone()
    }
}

pub fn router(control: Control, stop: CancellationToken) -> Router {
    Router::new()
        .route(Machine::Live.path(), on(Machine::Live.filter(), live))
        .with_state(Shared { control, stop })
}

async fn live(
    State(shared): State<Shared>,
    use_cases: UseCases,
    Extension(credentials): Extension<Credentials>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>> + use<>>, ApiFailure> {
    let events = BroadcastStream::new(use_cases.live().map_err(Problem::from)?).filter_map(async |event| {
        // A page that fell behind missed some, and reads everything again at the next one anyway.
        let event = event.ok()?;
        // Without a name, so that one listener hears every topic; which one it is stands in the data.
        Event::default().json_data(&event).ok()
    });
    let hello = Event::default().retry(RETRY).comment("open");
    let stream = futures::stream::once(async { hello })
        .chain(events)
        .map(Ok)
        .take_until(shared.stop.cancelled_owned())
        .take_until(no_longer_good(shared.control, credentials));
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)))
}

/// Waits until who opened the stream would no longer be let in. What can't be looked up now is believed.
async fn no_longer_good(control: Control, credentials: Credentials) {
    if matches!(credentials, Credentials::None) {
        return std::future::pending().await;
    }
    loop {
        tokio::time::sleep(LOOK).await;
        let actor = match credentials.actor(&control).await {
            Ok(found) => found.map(|(actor, _)| actor),
            Err(_) => continue,
        };
        if actor.is_none_or(|actor| may(&actor, Action::Read, Target::Everything).is_err()) {
            return;
        }
    }
}
