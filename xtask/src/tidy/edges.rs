//! Who may import whom: the pipeline as edges between crates, and what must not reach the browser.

use std::collections::BTreeSet;

use anyhow::Context;
use serde_json::Value;

use crate::command::{cargo, read};

/// Each of our crates, and which others of ours it may use. Tests may use more.
const MAY_IMPORT: [(&str, &[&str]); 14] = [
    ("pointsman-domain", &[]),
    ("pointsman-discovery", &[]),
    ("pointsman-localpg", &[]),
    ("pointsman-demo", &["localpg"]),
    ("pointsman-ingest", &["domain"]),
    ("pointsman-store", &["domain"]),
    ("pointsman-transform", &["domain"]),
    ("pointsman-control", &["domain", "store", "transform"]),
    ("pointsman-app", &["domain", "control"]),
    ("pointsman-frontend", &["app"]),
    (
        "pointsman",
        &["app", "control", "demo", "domain", "ingest", "localpg", "store"],
    ),
    ("pointsman-testing", &["domain", "localpg", "store"]),
    (
        "pointsman-bench",
        &[
            "domain",
            "ingest",
            "store",
            "control",
            "transform",
            "testing",
            "localpg",
        ],
    ),
    ("xtask", &["localpg"]),
];

/// Crates that may talk to a database: the store, its tests, and the shop of the demo, which has a database of its own.
const MAY_USE_SQLX: [&str; 3] = ["pointsman-store", "pointsman-testing", "pointsman-demo"];

/// What has no business in the browser.
const NOT_IN_THE_BROWSER: [&str; 6] = ["tokio", "sqlx", "axum", "hyper", "pointsman-control", "pointsman-store"];

/// All breaches.
pub fn check() -> anyhow::Result<Vec<String>> {
    let metadata = read(&mut cargo(&["metadata", "--format-version=1", "--no-deps", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&metadata).context("read cargo's metadata")?;
    let mut breaches = Vec::new();
    for package in metadata["packages"]
        .as_array()
        .context("cargo's metadata names no packages")?
    {
        breaches.extend(of_package(package));
    }
    breaches.extend(in_the_browser()?);
    Ok(breaches)
}

fn of_package(package: &Value) -> Vec<String> {
    let name = package["name"].as_str().unwrap_or_default();
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(known, _)| *known == name) else {
        return vec![format!(
            "the crate {name} has no line in xtask/src/tidy/edges.rs: say which crates it may import"
        )];
    };
    let none = Vec::new();
    let dependencies = package["dependencies"].as_array().unwrap_or(&none);
    let mut breaches = Vec::new();
    for dependency in dependencies {
        let to = dependency["name"].as_str().unwrap_or_default();
        let for_tests = dependency["kind"] == "dev";
        let ours = to == "pointsman" || to.starts_with("pointsman-");
        let short = to.strip_prefix("pointsman-").unwrap_or(to);
        if ours && !for_tests && !allowed.contains(&short) {
            breaches.push(format!(
                "{name} must not import {to} (see the table in ARCHITECTURE.md)"
            ));
        }
        if to == "sqlx" && !for_tests && !MAY_USE_SQLX.contains(&name) {
            breaches.push(format!("{name} must not use sqlx: only the store knows SQL"));
        }
    }
    breaches
}

fn in_the_browser() -> anyhow::Result<Vec<String>> {
    let tree = [
        "tree",
        "--locked",
        "--package",
        "pointsman-frontend",
        "--target",
        "wasm32-unknown-unknown",
    ];
    let names = read(cargo(&tree).args(["--edges", "normal", "--prefix", "none", "--format", "{p}"]))?;
    let names: BTreeSet<&str> = names
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let found = NOT_IN_THE_BROWSER.iter().filter(|name| names.contains(*name));
    Ok(found
        .map(|name| format!("{name} is in what the browser loads: see `cargo tree -p pointsman-frontend -i {name}`"))
        .collect())
}
