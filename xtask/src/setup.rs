//! Installs what a machine lacks, step by step; a step that has nothing to do says so and is over at once.

mod debian;
mod npm;
mod programs;

use anyhow::Context;

pub use npm::ensure_packages;
pub use programs::{chromium, python};

/// One thing that the machine must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Rust's standard library for the browser.
    WasmTarget,
    /// A PostgreSQL for the private server and the tests.
    PostgreSql,
    /// A browser for the journeys.
    Chromium,
    /// `venv`, for the OpenTelemetry SDK of Python.
    Python,
    /// `wasm-opt`.
    Binaryen,
    /// What drives the browser.
    Playwright,
}

/// All of them.
pub const ALL: &[Need] = &[
    Need::WasmTarget,
    Need::PostgreSql,
    Need::Chromium,
    Need::Python,
    Need::Binaryen,
    Need::Playwright,
];

/// What a build of the shipped server needs.
pub const BUILD: &[Need] = &[Need::WasmTarget, Need::Binaryen];

/// What the demo needs.
pub const DEMO: &[Need] = &[Need::WasmTarget, Need::PostgreSql];

/// Sees to it that the machine has these.
pub fn ensure(needs: &[Need]) -> anyhow::Result<()> {
    for (i, need) in needs.iter().enumerate() {
        let step = format!("set-up {}/{}: {}", i + 1, needs.len(), need.title());
        if need.is_met() {
            println!("==> {step}: is there");
            continue;
        }
        println!("==> {step}: installing");
        need.install().with_context(|| format!("{step} could not be done"))?;
        anyhow::ensure!(
            need.is_met(),
            "{step}: the installation ended well, but it is still missing"
        );
    }
    Ok(())
}

impl Need {
    fn title(self) -> &'static str {
        match self {
            Self::WasmTarget => "Rust for the browser (wasm32-unknown-unknown)",
            Self::PostgreSql => "PostgreSQL 15 or newer",
            Self::Chromium => "Chromium",
            Self::Python => "Python with venv",
            Self::Binaryen => "wasm-opt (npm package binaryen)",
            Self::Playwright => "npm packages of end2end",
        }
    }

    fn is_met(self) -> bool {
        match self {
            Self::WasmTarget => programs::has_wasm_target(),
            Self::PostgreSql => pointsman_localpg::is_installed(),
            Self::Chromium => programs::chromium().is_some(),
            Self::Python => programs::python().is_some(),
            Self::Binaryen => npm::is_fresh("xtask"),
            Self::Playwright => npm::is_fresh("end2end"),
        }
    }

    fn install(self) -> anyhow::Result<()> {
        match self {
            Self::WasmTarget => programs::add_wasm_target(),
            Self::PostgreSql => debian::install(
                &["postgresql"],
                "install PostgreSQL 15 or newer (the server, not only the client)",
            ),
            Self::Chromium => debian::install(
                // Without fonts, a page is drawn without letters.
                &["chromium", "fonts-dejavu-core"],
                "install Chromium or Chrome, or set POINTSMAN_CHROMIUM to its program",
            ),
            Self::Python => debian::install(&["python3", "python3-venv"], "install Python 3 with its module venv"),
            Self::Binaryen => npm::ensure_packages("xtask"),
            Self::Playwright => npm::ensure_packages("end2end"),
        }
    }
}
