//! A database for one test, on a PostgreSQL that the tests share.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use pointsman_localpg::{LocalPg, LocalPgError, LocalPgOptions};
use pointsman_store::{Retention, SILENCE, Store, StoreOptions};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};
use tokio::sync::OnceCell;

use crate::template;

/// A migrated, empty database of one test; gone when this is dropped.
///
/// It lies on a PostgreSQL that the tests start themselves without fsync, or on the one that `POINTSMAN_TEST_DATABASE_URL` names (a user
/// who may create databases).
#[derive(Debug)]
pub struct TestDb {
    name: String,
    server: PgConnectOptions,
    url: String,
}

impl TestDb {
    /// A new database, copied from a template that is migrated once for each content of `migrations/`.
    pub async fn new() -> Self {
        let template = template::ensure(&server().await.admin).await;
        Self::create(Some(&template)).await
    }

    /// A new database with nothing in it, for tests of the migrations themselves.
    pub async fn empty() -> Self {
        Self::create(None).await
    }

    async fn create(template: Option<&str>) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let server = server().await;
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let mut admin = connect(&server.admin).await;
        let from = template
            .map(|template| format!(" TEMPLATE {template}"))
            .unwrap_or_default();
        execute(&mut admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        execute(&mut admin, &format!("CREATE DATABASE {name}{from}")).await;
        admin.close().await.expect("close a connection");
        Self {
            server: server.admin.clone(),
            url: server.admin.clone().database(&name).to_url_lossy().to_string(),
            name,
        }
    }

    /// Its URL, for a program or a pool of the test's own.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A store on it, with a small pool of its own.
    pub async fn store(&self) -> Store {
        let options = StoreOptions {
            url: self.url.clone(),
            max_connections: 8,
            retention: Retention::default(),
            silence: SILENCE,
        };
        Store::connect(&options)
            .await
            .expect("connect a store to the test's database")
    }

    /// Changes the database behind the store's back.
    pub async fn behind(&self, sql: &str) {
        execute(&mut self.connect().await, sql).await;
    }

    /// A connection of the test's own, to look behind the store's back.
    pub async fn connect(&self) -> PgConnection {
        connect(&self.server.clone().database(&self.name)).await
    }

    /// Runs statements behind the store's back.
    pub async fn run(&self, sql: &str) {
        execute(&mut self.connect().await, sql).await;
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), std::mem::take(&mut self.name));
        // A runtime can't be entered from within another, so a thread of its own does it.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let mut admin = connect(&server).await;
                execute(&mut admin, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
            });
        });
        // What is left over here is dropped by a later run; a test that passed has still passed.
        let _ = dropped.join();
    }
}

/// The server that the tests use.
pub(crate) struct Server {
    /// Leads to its maintenance database.
    pub(crate) admin: PgConnectOptions,
}

/// Starts the server, or finds it running; once a process.
async fn server() -> &'static Server {
    static SERVER: OnceCell<Server> = OnceCell::const_new();
    SERVER
        .get_or_init(|| async {
            if let Some(url) = std::env::var("POINTSMAN_TEST_DATABASE_URL")
                .ok()
                .filter(|url| !url.is_empty())
            {
                let admin = url.parse().expect("POINTSMAN_TEST_DATABASE_URL is a PostgreSQL URL");
                return Server { admin };
            }
            let _starting = starting();
            let pg = LocalPg::start(options()).await.expect("a PostgreSQL for the tests");
            let admin: PgConnectOptions = pg.url_of("postgres").parse().expect("the private server's URL");
            drop_left_overs(&admin).await;
            // It goes on running without us: other tests use it too.
            drop(pg);
            Server { admin }
        })
        .await
}

/// Where the tests' server keeps its files: in the target folder.
pub fn server_folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| root().join("target")).join("test-postgres")
}

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// Stops the server that tests have left running; false where there was none.
pub async fn stop_server() -> Result<bool, LocalPgError> {
    LocalPg::stop_left_over(&server_folder()).await
}

fn options() -> LocalPgOptions {
    let settings = [
        ("max_connections", "400"),
        ("shared_buffers", "128MB"),
        ("autovacuum_naptime", "10s"),
    ];
    LocalPgOptions {
        data_dir: server_folder(),
        fsync: false,
        settings: settings
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
    }
}

/// One test program at a time starts the server or takes it over; the others wait here.
fn starting() -> File {
    let folder = server_folder();
    std::fs::create_dir_all(&folder).expect("make the folder of the tests' server");
    let file = File::create(folder.join("starting.lock")).expect("make the tests' lock file");
    file.lock().expect("lock the tests' lock file");
    file
}

/// Drops the databases of test programs that were killed.
async fn drop_left_overs(admin: &PgConnectOptions) {
    let mut connection = connect(admin).await;
    let names: Vec<String> = sqlx::query_scalar("SELECT datname FROM pg_database WHERE datname LIKE 'test\\_%'")
        .fetch_all(&mut connection)
        .await
        .expect("list the databases");
    for name in names {
        let pid = name.split('_').nth(1).unwrap_or_default();
        if Path::new("/proc/self").exists() && !Path::new("/proc").join(pid).exists() {
            execute(&mut connection, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
        }
    }
}

pub(crate) async fn connect(options: &PgConnectOptions) -> PgConnection {
    options.connect().await.expect("connect to the tests' PostgreSQL")
}

/// Names of databases can't be parameters; all that come here are made in this crate.
pub(crate) async fn execute(connection: &mut PgConnection, sql: &str) {
    connection
        .execute(AssertSqlSafe(sql))
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}
