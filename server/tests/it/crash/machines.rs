//! Two replicas and their PostgreSQL, which can be killed and started again.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pointsman_localpg::{LocalPg, LocalPgOptions};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

use crate::running::{PATIENCE, Running, Setup, pointsman};

/// Whom a round kills.
#[derive(Debug, Clone, Copy)]
pub(super) enum Victim {
    Replica,
    BothReplicas,
    Postgres,
    PostgresAndReplica,
    Everything,
}

impl Victim {
    pub(super) fn any(random: &mut StdRng) -> Self {
        const ALL: [Victim; 5] = [
            Victim::Replica,
            Victim::BothReplicas,
            Victim::Postgres,
            Victim::PostgresAndReplica,
            Victim::Everything,
        ];
        *ALL.choose(random).expect("there are some")
    }

    fn postgres(self) -> bool {
        matches!(self, Self::Postgres | Self::PostgresAndReplica | Self::Everything)
    }

    fn replicas(self) -> usize {
        match self {
            Self::Postgres => 0,
            Self::Replica | Self::PostgresAndReplica => 1,
            Self::BothReplicas | Self::Everything => 2,
        }
    }
}

/// The addresses of OTLP over HTTP; of a replica that is down, the one that it had.
pub(super) type AppState = Arc<RwLock<Vec<String>>>;

pub(super) struct Machines {
    _folder: TempDir,
    options: LocalPgOptions,
    database: Option<LocalPg>,
    url: String,
    setups: [Setup; 2],
    replicas: [Option<Running>; 2],
    state: AppState,
}

impl Machines {
    /// All of them, with fsync as where it matters.
    pub(super) async fn start() -> Self {
        let open = Permissions::from_mode(0o755);
        let folder = tempfile::Builder::new().permissions(open).tempdir().expect("a folder");
        let options = LocalPgOptions::new(folder.path().join("data"));
        let database = LocalPg::start(options.clone()).await.expect("a PostgreSQL");
        let url = database.url();
        let setups = [Setup::on(&url), Setup::on(&url)];
        let replicas = [Some(setups[0].start().await), Some(setups[1].start().await)];
        let state = replicas
            .iter()
            .flatten()
            .map(|server| server.otlp_http.clone())
            .collect();
        Self {
            _folder: folder,
            options,
            database: Some(database),
            url,
            setups,
            replicas,
            state: Arc::new(RwLock::new(state)),
        }
    }

    pub(super) fn url(&self) -> String {
        self.url.clone()
    }

    pub(super) fn state(&self) -> AppState {
        self.state.clone()
    }

    /// A replica that runs.
    pub(super) fn any(&self) -> &Running {
        self.replicas.iter().flatten().next().expect("a replica runs")
    }

    /// An objective of this service, so that its counts are compared too.
    pub(super) async fn promise(&self, service: &str) {
        let document = format!(
            "apiVersion: openslo/v1
kind: SLO
metadata: {{name: up}}
spec:
  service: {service}
  indicator:
    metadata: {{name: up}}
    spec:
      ratioMetric:
        counter: true
        good: {{metricSource: {{type: Pointsman, spec: {{count: requests-without-error}}}}}}
        total: {{metricSource: {{type: Pointsman, spec: {{count: requests}}}}}}
  timeWindow: [{{duration: 7d, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: 0.99}}]
"
        );
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(&file, document).expect("write it");
        let mut command = pointsman();
        command.args([
            "slo",
            "import",
            "--reason",
            "to be counted",
            "--database-url",
            &self.url,
        ]);
        let imported = timeout(PATIENCE, command.arg(file.path()).output())
            .await
            .expect("in time")
            .expect("it runs");
        assert!(
            imported.status.success(),
            "{}",
            String::from_utf8_lossy(&imported.stderr)
        );
    }

    /// Kills them without a word, replicas and PostgreSQL in random order.
    pub(super) async fn kill(&mut self, victim: Victim, random: &mut StdRng) {
        let postgres_first = random.random_bool(0.5);
        if victim.postgres() && postgres_first {
            self.kill_postgres(random);
        }
        let first = random.random_range(0..2);
        for at in [first, 1 - first].into_iter().take(victim.replicas()) {
            if let Some(server) = self.replicas[at].take() {
                server.kill().await;
            }
        }
        if victim.postgres() && !postgres_first {
            sleep(Duration::from_millis(random.random_range(0..500))).await;
            self.kill_postgres(random);
        }
    }

    /// The postmaster alone, one backend (PostgreSQL then restarts all of them by itself), or every process.
    fn kill_postgres(&mut self, random: &mut StdRng) {
        let postmaster = self.database.as_ref().and_then(LocalPg::pid).expect("PostgreSQL runs");
        let backends = children_of(postmaster);
        let doomed = match random.random_range(0..3) {
            0 => vec![postmaster],
            1 => backends.choose(random).copied().into_iter().collect(),
            _ => std::iter::once(postmaster).chain(backends).collect(),
        };
        for process in doomed {
            // A backend may have ended meanwhile.
            let _ = kill(Pid::from_raw(process.cast_signed()), Signal::SIGKILL);
        }
    }

    /// Starts what is not running.
    pub(super) async fn mend(&mut self) {
        // Its lock on the folder is this process's: it goes first.
        self.database = None;
        self.database = Some(
            LocalPg::start(self.options.clone())
                .await
                .expect("PostgreSQL starts again"),
        );
        for at in 0..2 {
            if self.replicas[at].is_none() {
                let server = self.setups[at].start().await;
                self.state.write().expect("no panic holds it")[at].clone_from(&server.otlp_http);
                self.replicas[at] = Some(server);
            }
        }
    }

    pub(super) async fn stop(self) {
        for server in self.replicas.into_iter().flatten() {
            server.stop().await;
        }
        if let Some(database) = self.database {
            database.stop().await.expect("PostgreSQL stops");
        }
    }
}

/// The processes that this one has started.
fn children_of(parent: u32) -> Vec<u32> {
    let of = |process: &str| -> Option<u32> {
        let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        // `pid (name) state ppid ...`, and the name may hold anything.
        text.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
    };
    let processes = std::fs::read_dir("/proc").expect("there is /proc").flatten();
    processes
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()) && of(name) == Some(parent))
        .filter_map(|name| name.parse().ok())
        .collect()
}
