//! Serves HTTP/1.1 and HTTP/2 on a port, with bounds, until it is told to stop; then answers what is under way.

use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// How many connections a port has at once; further ones wait to be accepted.
const MAX_CONNECTIONS: usize = 4096;
/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// The largest head of a request, in bytes.
const MAX_HEAD: usize = 64 << 10;
/// How often a quiet HTTP/2 connection is asked whether somebody is there.
const PING: Duration = Duration::from_secs(30);

/// Serves until `stop`, then waits up to `drain` for the requests under way. What is left then is dropped.
pub async fn serve(
    name: &'static str,
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
    drain: Duration,
) {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD)
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(MAX_HEAD as u32)
        .max_concurrent_streams(256)
        .keep_alive_interval(Some(PING))
        .keep_alive_timeout(PING);
    let service = TowerToHyperService::new(router);
    let graceful = GracefulShutdown::new();
    let places = std::sync::Arc::new(tokio::sync::Semaphore::new(MAX_CONNECTIONS));
    // Dropping what is left must not wait for the end of the process: the database goes before that.
    let give_up = CancellationToken::new();
    while let Some((stream, place)) = tokio::select! {
        () = stop.cancelled() => None,
        next = accept(name, &listener, &places) => Some(next),
    } {
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service.clone());
        let connection = graceful.watch(connection.into_owned());
        let give_up = give_up.clone();
        tokio::spawn(async move {
            tokio::select! {
                ended = connection => if let Err(error) = ended {
                    // Mostly clients that went away; nothing for the one who reads the log.
                    tracing::debug!(server.name = name, error = %error, "a connection ended early");
                },
                () = give_up.cancelled() => {}
            }
            drop(place);
        });
    }
    drop(listener);
    let open = graceful.count();
    if tokio::time::timeout(drain, graceful.shutdown()).await.is_err() {
        tracing::warn!(
            server.name = name,
            connections.open = open,
            "requests were still under way and are dropped"
        );
    }
    give_up.cancel();
}

async fn accept(
    name: &'static str,
    listener: &TcpListener,
    places: &std::sync::Arc<tokio::sync::Semaphore>,
) -> (TcpStream, Option<tokio::sync::OwnedSemaphorePermit>) {
    // The semaphore is never closed.
    let place = std::sync::Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // Answers are small and somebody waits for them. An error only means that they are a little later.
                let _ = stream.set_nodelay(true);
                return (stream, place);
            }
            Err(error) => {
                // Out of file descriptors, say: the client sees a delay, not a refusal.
                tracing::warn!(server.name = name, error = %error, "can't accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
