//! Lists for people and for programs.

use std::io::{ErrorKind, Write};

use anyhow::Result;
use serde::Serialize;

use super::Format;

impl Format {
    /// Writes a list to standard output: as JSON, or as a table with these heads.
    pub fn write<T: Serialize, const N: usize>(
        self,
        list: &[T],
        heads: [&str; N],
        row: impl Fn(&T) -> [String; N],
    ) -> Result<()> {
        if self.json {
            return say(&serde_json::to_string_pretty(list)?);
        }
        let heads = heads.map(str::to_owned);
        let rows: Vec<[String; N]> = std::iter::once(heads).chain(list.iter().map(row)).collect();
        say(&table(&rows))
    }
}

/// Writes a line to standard output. Whoever reads it may have seen enough.
pub fn say(text: &str) -> Result<()> {
    match writeln!(std::io::stdout(), "{text}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

/// The rows, each column as wide as what is widest in it.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let lines = rows.iter().map(|row| {
        let cells = (0..N).map(|column| format!("{:width$}", row[column], width = width(column)));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Several, or a dash for none.
pub fn joined<T: ToString>(all: &[T]) -> String {
    if all.is_empty() {
        return "-".to_owned();
    }
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let row = |cells: [&str; 3]| cells.map(str::to_owned);
        let rows = [row(["NAME", "ROLE", "TEAMS"]), row(["ägidius", "admin", ""])];
        assert_eq!(table(&rows), "NAME     ROLE   TEAMS\nägidius  admin");
        assert_eq!(joined(&["a", "b"]), "a, b");
        assert_eq!(joined::<String>(&[]), "-");
    }
}
