//! The template that tests copy: a database migrated once for each content of `migrations/`.

use std::fmt::Write;

use sqlx::Connection;
use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use tokio::sync::OnceCell;
use xxhash_rust::xxh3::Xxh3;

use crate::db::{connect, execute, root};

/// Any number will do, as long as nothing else takes it on this server's maintenance database.
const LOCK: i64 = 0x7465_6d70_6c61;

/// Makes the template where it is missing, once a process; answers its name.
pub(crate) async fn ensure(admin: &PgConnectOptions) -> String {
    static NAME: OnceCell<String> = OnceCell::const_new();
    NAME.get_or_init(|| make(admin)).await.clone()
}

async fn make(admin: &PgConnectOptions) -> String {
    let migrator = Migrator::new(root().join("migrations"))
        .await
        .expect("read the migrations");
    let mut hash = Xxh3::new();
    for migration in migrator.iter() {
        hash.update(&migration.version.to_be_bytes());
        hash.update(&migration.checksum);
    }
    let mut name = "template_".to_owned();
    let _ = write!(name, "{:016x}", hash.digest());

    let mut connection = connect(admin).await;
    execute(&mut connection, &format!("SELECT pg_advisory_lock({LOCK})")).await;
    let found: Option<i32> = sqlx::query_scalar("SELECT 1 FROM pg_database WHERE datname = $1")
        .bind(&name)
        .fetch_optional(&mut connection)
        .await
        .expect("look for the template");
    if found.is_none() {
        let unfinished = format!("{name}_new");
        execute(
            &mut connection,
            &format!("DROP DATABASE IF EXISTS {unfinished} WITH (FORCE)"),
        )
        .await;
        execute(&mut connection, &format!("CREATE DATABASE {unfinished}")).await;
        let mut inside = connect(&admin.clone().database(&unfinished)).await;
        migrator.run(&mut inside).await.expect("migrate the template");
        inside.close().await.expect("close a connection");
        execute(
            &mut connection,
            &format!("ALTER DATABASE {unfinished} RENAME TO {name}"),
        )
        .await;
    }
    // Closing the connection lets go of the lock.
    connection.close().await.expect("close a connection");
    name
}
