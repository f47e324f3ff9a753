//! Serves HTTP/1.1 and HTTP/2 on a port, over TLS or not, with bounds, until it is told to stop; then answers what is under way.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::web::Peer;

/// How many connections a port has at once; further ones wait to be accepted.
const MAX_CONNECTIONS: usize = 4096;
/// How long a client may take to agree on TLS.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// The largest head of a request, in bytes.
const MAX_HEAD: usize = 64 << 10;
/// How often a quiet HTTP/2 connection is asked whether somebody is there.
const PING: Duration = Duration::from_secs(30);

/// One port.
pub struct Port {
    /// Its name in the log.
    pub name: &'static str,
    /// Where clients come in.
    pub listener: TcpListener,
    /// With which certificate; plain HTTP without.
    pub tls: Option<TlsAcceptor>,
    /// What answers. Each request has its [`Peer`] among its extensions.
    pub router: Router,
}

/// Serves until `stop`, then waits up to `drain` for the requests under way. What is left then is dropped.
pub async fn serve(port: Port, stop: CancellationToken, drain: Duration) {
    let Port {
        name,
        listener,
        tls,
        router,
    } = port;
    let builder = builder();
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // Dropping what is left must not wait for the end of the process: the database goes before that.
    let give_up = CancellationToken::new();
    while let Some((stream, address, place)) = tokio::select! {
        () = stop.cancelled() => None,
        next = accept(name, &listener, &places) => Some(next),
    } {
        let (builder, router, watcher, tls) = (builder.clone(), router.clone(), graceful.watcher(), tls.clone());
        let (give_up, stop) = (give_up.clone(), stop.clone());
        tokio::spawn(async move {
            let peer = Peer {
                address,
                tls: tls.is_some(),
            };
            let serve = async {
                match tls {
                    None => connection(&builder, stream, router, peer, watcher).await,
                    Some(tls) => {
                        // Nothing is under way before both sides agree, so this does not keep the server from ending.
                        let shaken = tokio::select! {
                            shaken = tokio::time::timeout(HANDSHAKE_TIMEOUT, tls.accept(stream)) => shaken,
                            () = stop.cancelled() => return,
                        };
                        match shaken.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
                            Ok(stream) => connection(&builder, stream, router, peer, watcher).await,
                            Err(error) => Err(error.into()),
                        }
                    }
                }
                .unwrap_or_else(|error| {
                    // Mostly clients that went away; nothing for the one who reads the log.
                    tracing::debug!(server.name = name, error = %error, "a connection ended early");
                });
            };
            tokio::select! {
                () = serve => {}
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

fn builder() -> Builder<TokioExecutor> {
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
    builder
}

type AnyError = Box<dyn std::error::Error + Send + Sync>;

async fn connection<I>(
    builder: &Builder<TokioExecutor>,
    stream: I,
    router: Router,
    peer: Peer,
    watcher: Watcher,
) -> Result<(), AnyError>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        request
    });
    let service = TowerToHyperService::new(service);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    watcher.watch(connection.into_owned()).await
}

async fn accept(
    name: &'static str,
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // The semaphore is never closed.
    let place = Arc::clone(places).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, address)) => {
                // Answers are small and somebody waits for them. An error only means that they are a little later.
                let _ = stream.set_nodelay(true);
                return (stream, address, place);
            }
            Err(error) => {
                // Out of file descriptors, say: the client sees a delay, not a refusal.
                tracing::warn!(server.name = name, error = %error, "can't accept a connection");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
