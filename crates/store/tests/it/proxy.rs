//! A way to the database that a test can cut.

use std::path::PathBuf;
use std::str::FromStr;

use pointsman_store::{Retention, Store, StoreOptions};
use pointsman_testing::TestDb;
use sqlx::postgres::PgConnectOptions;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::{JoinHandle, JoinSet};

/// Forwards connections on a port of its own until it is cut.
pub(crate) struct Proxy {
    task: JoinHandle<()>,
    port: u16,
    target: PgConnectOptions,
}

impl Proxy {
    pub(crate) async fn to(db: &TestDb) -> Self {
        Self::on(0, PgConnectOptions::from_str(db.url()).unwrap()).await
    }

    async fn on(port: u16, target: PgConnectOptions) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let to = target.clone();
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                connections.spawn(forward(client, to.clone()));
            }
        });
        Self { task, port, target }
    }

    /// A store that reaches the database through it.
    pub(crate) async fn store(&self) -> Store {
        let name = self.target.get_database().unwrap();
        let options = StoreOptions {
            url: format!(
                "postgres://{}@127.0.0.1:{}/{name}",
                self.target.get_username(),
                self.port
            ),
            max_connections: 4,
            retention: Retention::default(),
        };
        Store::connect(&options).await.unwrap()
    }

    /// Ends all connections and takes no more; answers how to mend it.
    pub(crate) async fn cut(self) -> Cut {
        self.task.abort();
        let _ = self.task.await;
        Cut {
            port: self.port,
            target: self.target,
        }
    }
}

/// A proxy that was cut.
pub(crate) struct Cut {
    port: u16,
    target: PgConnectOptions,
}

impl Cut {
    /// Lets connections through again.
    pub(crate) async fn mend(self) -> Proxy {
        Proxy::on(self.port, self.target).await
    }
}

async fn forward(mut client: TcpStream, target: PgConnectOptions) {
    let port = target.get_port();
    let socket = target
        .get_socket()
        .map(|folder| folder.join(format!(".s.PGSQL.{port}")))
        .or_else(|| {
            target
                .get_host()
                .starts_with('/')
                .then(|| PathBuf::from(target.get_host()).join(format!(".s.PGSQL.{port}")))
        });
    if let Some(socket) = socket {
        if let Ok(mut server) = UnixStream::connect(socket).await {
            let _ = copy_bidirectional(&mut client, &mut server).await;
        }
    } else if let Ok(mut server) = TcpStream::connect((target.get_host(), port)).await {
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}
