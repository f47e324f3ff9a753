//! The configuration files, written anew at each start: the cluster is ours alone. `ALTER SYSTEM` still wins over them.

use std::fmt::Write;

use crate::error::LocalPgError;
use crate::home::Home;
use crate::owner::Owner;

/// For a machine that it shares with Pointsman and much else.
const SETTINGS: [(&str, &str); 14] = [
    ("listen_addresses", ""),
    ("unix_socket_permissions", "0700"),
    ("max_connections", "100"),
    ("shared_buffers", "256MB"),
    ("max_wal_size", "2GB"),
    ("checkpoint_completion_target", "0.9"),
    ("wal_compression", "on"),
    ("synchronous_commit", "on"),
    ("random_page_cost", "1.1"),
    ("autovacuum", "on"),
    ("log_min_messages", "warning"),
    ("log_line_prefix", "%m [%p] "),
    ("log_checkpoints", "off"),
    ("timezone", "UTC"),
];

/// Writes postgresql.conf, pg_hba.conf and pg_ident.conf into the cluster. Later settings win over earlier ones.
pub(crate) fn write(
    home: &Home,
    owner: &Owner,
    fsync: bool,
    settings: &[(String, String)],
) -> Result<(), LocalPgError> {
    let mut text = "# Written by Pointsman at each start; changes are lost. Use ALTER SYSTEM instead.\n".to_owned();
    let mut line = |name: &str, value: &str| {
        // Writing to a String can't fail.
        let _ = writeln!(text, "{name} = '{}'", value.replace('\\', "\\\\").replace('\'', "''"));
    };
    line(
        "unix_socket_directories",
        &socket_list_item(&home.socket.to_string_lossy()),
    );
    for (name, value) in SETTINGS {
        line(name, value);
    }
    if !fsync {
        for name in ["fsync", "full_page_writes", "synchronous_commit"] {
            line(name, "off");
        }
    }
    for (name, value) in settings {
        line(name, value);
    }
    owner.write(&home.data.join("postgresql.conf"), &text)?;
    owner.write(&home.data.join("pg_hba.conf"), "local all all peer map=pointsman\n")?;
    let mut ident = String::new();
    for name in &owner.names {
        let _ = writeln!(ident, "pointsman \"{name}\" postgres");
    }
    owner.write(&home.data.join("pg_ident.conf"), &ident)
}

/// A path as one item of a comma-separated list.
fn socket_list_item(path: &str) -> String {
    format!("\"{}\"", path.replace('"', "\"\""))
}
