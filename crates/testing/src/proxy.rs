//! A way to a database that a test can cut, or let fall silent.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::{JoinHandle, JoinSet};

/// Forwards connections from a port of its own to a database.
///
/// It can be cut: then its connections end, and it takes no more. Or it falls silent, as a host does that lost its power or a firewall that
/// forgot its connections: nothing ends, and nothing that is sent arrives.
#[derive(Debug)]
pub struct Proxy {
    target: PgConnectOptions,
    port: u16,
    /// Connections are numbered; those below this number are silent for ever.
    silent: Arc<AtomicU64>,
    count: Arc<AtomicU64>,
    task: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Leads to the database of this URL.
    pub async fn to(url: &str) -> Self {
        let mut proxy = Self {
            target: PgConnectOptions::from_str(url).expect("a URL of PostgreSQL"),
            port: 0,
            silent: Arc::default(),
            count: Arc::default(),
            task: None,
        };
        proxy.mend().await;
        proxy
    }

    /// The URL by which the database is reached through it.
    pub fn url(&self) -> String {
        let (user, name) = (
            self.target.get_username(),
            self.target.get_database().unwrap_or_default(),
        );
        format!("postgres://{user}@127.0.0.1:{}/{name}", self.port)
    }

    /// Lets nothing through any more, on old connections and on new ones.
    pub fn fall_silent(&self) {
        self.silent.store(u64::MAX, Ordering::SeqCst);
    }

    /// Lets new connections through; those that fell silent remain so.
    pub fn speak(&self) {
        self.silent.store(self.count.load(Ordering::SeqCst), Ordering::SeqCst);
    }

    /// Ends all connections and takes no more.
    pub async fn cut(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            let _ = task.await;
        }
    }

    /// Takes connections, again on the same port.
    pub async fn mend(&mut self) {
        let listener = TcpListener::bind(("127.0.0.1", self.port)).await.expect("a free port");
        self.port = listener.local_addr().expect("a bound port").port();
        let (target, silent, count) = (self.target.clone(), self.silent.clone(), self.count.clone());
        self.task = Some(tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let number = count.fetch_add(1, Ordering::SeqCst);
                connections.spawn(forward(client, target.clone(), number, silent.clone()));
            }
        }));
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

async fn forward(client: TcpStream, target: PgConnectOptions, number: u64, silent: Arc<AtomicU64>) {
    if number < silent.load(Ordering::SeqCst) {
        // Accepted by a kernel behind which there is nobody.
        let _held = client;
        return std::future::pending().await;
    }
    let port = target.get_port();
    let host = target.get_host();
    let folder = target.get_socket().cloned();
    let folder = folder.or_else(|| host.starts_with('/').then(|| PathBuf::from(host)));
    match folder {
        Some(folder) => match UnixStream::connect(folder.join(format!(".s.PGSQL.{port}"))).await {
            Ok(server) => join(client, server, number, &silent).await,
            Err(_) => drop(client),
        },
        None => match TcpStream::connect((host, port)).await {
            Ok(server) => join(client, server, number, &silent).await,
            Err(_) => drop(client),
        },
    }
}

async fn join(client: TcpStream, server: impl AsyncRead + AsyncWrite, number: u64, silent: &AtomicU64) {
    let (client_reads, client_writes) = tokio::io::split(client);
    let (server_reads, server_writes) = tokio::io::split(server);
    // Either end of it ends both.
    tokio::select! {
        () = pass(client_reads, server_writes, number, silent) => {}
        () = pass(server_reads, client_writes, number, silent) => {}
    }
}

/// Passes on what comes, until it ends; while silent, swallows it, its end too.
async fn pass(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, number: u64, silent: &AtomicU64) {
    let mut bytes = vec![0; 64 << 10];
    loop {
        let read = from.read(&mut bytes).await.unwrap_or(0);
        if number < silent.load(Ordering::SeqCst) {
            if read == 0 {
                std::future::pending::<()>().await;
            }
            continue;
        }
        if read == 0 || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
