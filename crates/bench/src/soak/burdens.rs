//! What weighs on the server beside the load.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, Result};
use pointsman_control::access::Caller;
use pointsman_control::{Clock, Control, ControlSettings};
use pointsman_domain::slo::ObjectiveDraft;
use pointsman_store::{Retention, SILENCE, Store, StoreOptions};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;

use crate::process::Server;

pub(crate) struct Burdens {
    tasks: JoinSet<Result<()>>,
    /// The transaction that stays open; PostgreSQL ends it with its client.
    transaction: Child,
    told: Arc<AtomicUsize>,
}

impl Burdens {
    pub(crate) async fn begin(server: &Server, database: &str) -> Result<Self> {
        let mut tasks = JoinSet::new();
        let silent = TcpListener::bind("127.0.0.1:0").await?;
        let healthy = TcpListener::bind("127.0.0.1:0").await?;
        let ports = (silent.local_addr()?.port(), healthy.local_addr()?.port());
        let told = Arc::new(AtomicUsize::new(0));
        tasks.spawn(say_nothing(silent));
        tasks.spawn(take_notices(healthy, Arc::clone(&told)));
        tasks.spawn(read_slowly(server.control("/api/v1/traces?range=1h&limit=200")));
        promise(database, ports).await?;
        Ok(Self {
            tasks,
            transaction: open_transaction(database).await?,
            told,
        })
    }

    /// Ends them; answers how many notices came to the healthy channel.
    pub(crate) async fn end(mut self) -> usize {
        self.tasks.abort_all();
        // It is ended in any case when this program is.
        let _ = self.transaction.kill().await;
        self.told.load(Ordering::Relaxed)
    }
}

/// Objectives that the load breaks, and the two channels.
async fn promise(database: &str, (silent, healthy): (u16, u16)) -> Result<()> {
    let options = StoreOptions {
        url: database.to_owned(),
        max_connections: 8,
        retention: Retention::default(),
        silence: SILENCE,
    };
    let store = Store::connect(&options).await?;
    let control = Control::new(
        store.clone(),
        ControlSettings::default(),
        Clock::fixed(crate::load::now_ns()),
    );
    let use_cases = control.use_cases(Caller::operator("bench"));
    let chat = json!({
        "name": "chat", "to": {"kind": "webhook", "url": format!("http://127.0.0.1:{healthy}/")}, "secret": "to-be-measured-by",
    });
    let mail = json!({
        "name": "mail", "to": {
            "kind": "email", "host": "127.0.0.1", "port": silent, "security": "none", "from": "bench@example.org", "to": ["oncall@example.org"],
        },
    });
    for channel in [chat, mail] {
        use_cases
            .promise()
            .create_channel(serde_json::from_value(channel)?, "to be measured")
            .await?;
    }
    for service in ["storefront", "checkout", "cart", "payments"] {
        let objective = json!({
            "name": service, "service": service, "target": 0.9999, "min_events": 1,
            "indicator": {"kind": "availability"}, "window": {"kind": "rolling", "days": 7},
        });
        use_cases
            .promise()
            .create_slo(serde_json::from_value::<ObjectiveDraft>(objective)?, "to be measured")
            .await?;
    }
    store.close().await;
    Ok(())
}

/// A mail server that accepts and never greets.
async fn say_nothing(listener: TcpListener) -> Result<()> {
    let mut open = Vec::new();
    loop {
        open.push(listener.accept().await?);
    }
}

/// A webhook that takes everything.
async fn take_notices(listener: TcpListener, told: Arc<AtomicUsize>) -> Result<()> {
    loop {
        let (mut client, _) = listener.accept().await?;
        let told = Arc::clone(&told);
        tokio::spawn(async move {
            let mut head = [0; 8 << 10];
            // One notice a connection is enough to count.
            if client.read(&mut head).await.is_ok_and(|length| length > 0) {
                told.fetch_add(1, Ordering::Relaxed);
                let _ = client
                    .write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
                    .await;
            }
        });
    }
}

/// Asks for a page again and again and takes a byte each tenth of a second.
async fn read_slowly(url: String) -> Result<()> {
    let rest = url.strip_prefix("http://").context("an address")?;
    let (address, path) = rest.split_once('/').context("a path")?;
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    loop {
        let mut server = TcpStream::connect(address).await?;
        server.write_all(request.as_bytes()).await?;
        let mut byte = [0; 1];
        while matches!(server.read(&mut byte).await, Ok(1)) {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// A transaction that sees one moment for as long as it is open, as a backup does.
async fn open_transaction(database: &str) -> Result<Child> {
    let mut psql = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--dbname", database])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .context("starting psql")?;
    let input = psql.stdin.as_mut().context("psql has an input")?;
    let begin =
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM span_fragment; SELECT count(*) FROM series;\n";
    input.write_all(begin.as_bytes()).await?;
    Ok(psql)
}
