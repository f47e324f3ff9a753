//! `pointsman slo`: objectives for whoever has the database at hand, and for CI: `status` fails where a budget is spent.

use std::io::Read;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Args, Subcommand};
use pointsman_control::UseCases;
use pointsman_domain::kit::percent;
use pointsman_domain::slo::{SloSummary, Status};

use crate::people::open::Beside;
use crate::people::table::say;
use crate::people::{Because, Format};

/// What `pointsman slo` can be told.
#[derive(Debug, Clone, Args)]
pub struct SloArgs {
    #[command(flatten)]
    beside: Beside,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Clone, Subcommand)]
enum Verb {
    /// List all objectives and how they stand
    List(Format),
    /// Make and change objectives by OpenSLO v1 documents
    Import {
        /// A file of YAML; `-` for standard input
        file: PathBuf,
        #[command(flatten)]
        because: Because,
    },
    /// Write objectives as OpenSLO v1 documents
    Export {
        /// Only those of this service
        #[arg(long, value_name = "NAME")]
        service: Option<String>,
    },
    /// Tell how objectives stand; exits with 1 where a budget is spent, and with 2 where that can't be told: one has
    /// not been evaluated, or there is none of a name
    Status {
        /// Only these; all without any
        names: Vec<String>,
        /// Only those of this service
        #[arg(long, value_name = "NAME")]
        service: Option<String>,
        #[command(flatten)]
        format: Format,
    },
}

/// Lists, imports, exports and tells how they stand.
pub async fn run(args: SloArgs) -> Result<ExitCode> {
    let use_cases = args.beside.use_cases().await?;
    match args.verb {
        Verb::List(format) => list(&use_cases.promise().slos().await?, format)?,
        Verb::Import { file, because } => import(&use_cases, &file, &because.reason).await?,
        Verb::Export { service } => say(use_cases.promise().export_slos(service.as_deref()).await?.trim_end())?,
        Verb::Status { names, service, format } => {
            let mut slos = use_cases.promise().slos().await?;
            if let Some(unknown) = names
                .iter()
                .find(|name| !slos.iter().any(|slo| slo.objective.name == name.as_str()))
            {
                eprintln!("pointsman: there is no objective {unknown}");
                return Ok(ExitCode::from(2));
            }
            slos.retain(|slo| {
                let named = names.is_empty() || names.iter().any(|name| slo.objective.name == name.as_str());
                named
                    && service
                        .as_ref()
                        .is_none_or(|service| slo.objective.service == service.as_str())
            });
            list(&slos, format)?;
            return Ok(code(&slos));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn code(slos: &[SloSummary]) -> ExitCode {
    if slos.iter().any(|slo| slo.status.as_ref().is_some_and(Status::is_spent)) {
        ExitCode::from(1)
    } else if slos.iter().any(|slo| slo.status.is_none() || slo.failing.is_some()) {
        ExitCode::from(2)
    } else {
        ExitCode::SUCCESS
    }
}

async fn import(use_cases: &UseCases, file: &PathBuf, reason: &str) -> Result<()> {
    let yaml = if file.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .context("can't read standard input")?;
        text
    } else {
        std::fs::read_to_string(file).with_context(|| format!("can't read {}", file.display()))?
    };
    for done in use_cases.promise().import_slos(&yaml, reason).await? {
        let left_out = if done.left_out.is_empty() {
            String::new()
        } else {
            format!("; left out: {}", done.left_out.join(", "))
        };
        say(&format!("{}: {}{left_out}", done.name, done.outcome))?;
    }
    Ok(())
}

fn list(slos: &[SloSummary], format: Format) -> Result<()> {
    let heads = [
        "NAME",
        "SERVICE",
        "TARGET",
        "COMPLIANCE",
        "BUDGET LEFT",
        "EVENTS",
        "FIRING",
    ];
    format.write(slos, heads, |slo| {
        let status = slo.status.as_ref();
        let known = status.filter(|status| status.measure.bad.is_some());
        let few = |status: &Status| if status.enough { "" } else { " (too few)" };
        [
            slo.objective.name.to_string(),
            slo.objective.service.to_string(),
            format!("{} %", percent::exact(slo.objective.target.share())),
            known
                .and_then(|status| status.compliance)
                .map_or_else(|| "-".to_owned(), |share| format!("{} %", percent::fixed(share, 3))),
            known.map_or_else(
                || "-".to_owned(),
                |status| format!("{} %", percent::fixed(status.budget.left(), 1)),
            ),
            status.map_or_else(
                || "not evaluated yet".to_owned(),
                |status| format!("{}{}", status.measure.count.total, few(status)),
            ),
            slo.firing.len().to_string(),
        ]
    })
}
