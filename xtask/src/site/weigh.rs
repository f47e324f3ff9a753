//! How many bytes a browser loads before a page is alive, and the most that it may.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;

use anyhow::{Context, bail};

use super::publish::INDEX;
use super::split::LOADER;
use crate::command::say;
use crate::workspace::site;

/// The most that the first load of a page may be: JavaScript and WASM, bytes, as they are sent to a browser that takes brotli.
const BUDGET: u64 = 400_000;

/// Areas that are over it still, and what they must not grow beyond.
const OVER: [(&str, u64); 3] = [("service", 480_000), ("slo", 460_000), ("slo_form", 440_000)];

/// Sizes in bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl std::ops::AddAssign for Weight {
    fn add_assign(&mut self, other: Self) {
        self.raw += other.raw;
        self.gzip += other.gzip;
        self.brotli += other.brotli;
    }
}

impl std::fmt::Display for Weight {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>9} {:>9} {:>9}", self.raw, self.gzip, self.brotli)
    }
}

/// Prints each file, and what a page of each area loads first.
pub(super) fn print() -> anyhow::Result<()> {
    let (files, areas) = measure()?;
    say("bytes as they are, by gzip, by brotli");
    for (name, weight) in &files {
        println!("{weight}  {name}");
    }
    for (area, weight) in &areas {
        println!("{weight}  first load of {area}");
    }
    println!("{:>9} {:>9} {:>9}  first load of a document", 0, 0, 0);
    Ok(())
}

/// Errors: the pages that load more than they may.
pub fn check_budget() -> anyhow::Result<()> {
    let (_, areas) = measure()?;
    let most = |area: &str| {
        OVER.iter()
            .find(|(over, _)| *over == area)
            .map_or(BUDGET, |(_, most)| *most)
    };
    let heavy: Vec<_> = areas
        .iter()
        .filter(|(area, weight)| weight.brotli > most(area))
        .map(|(area, weight)| format!("{area} has {} of {}", weight.brotli, most(area)))
        .collect();
    if !heavy.is_empty() {
        bail!(
            "the first load has more bytes of JavaScript and WASM than it may: {}",
            heavy.join(", ")
        );
    }
    say(&format!(
        "the first load of every page is within its budget: {BUDGET} bytes, {} that have more",
        OVER.len()
    ));
    Ok(())
}

type Files = BTreeMap<String, Weight>;
type Areas = BTreeMap<String, Weight>;

fn measure() -> anyhow::Result<(Files, Areas)> {
    let index = std::fs::read(site().join(INDEX)).context("there is no site")?;
    let index: serde_json::Value = serde_json::from_slice(&index)?;
    let hash = index["hash"].as_str().with_context(|| format!("{INDEX} has no hash"))?;
    let package = site().join("pkg").join(hash);
    let mut files = Files::new();
    for entry in std::fs::read_dir(&package)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let kind = Path::new(&name).extension().and_then(OsStr::to_str);
        if matches!(kind, Some("js" | "wasm" | "area")) {
            let size = |suffix: &str| -> anyhow::Result<u64> {
                let file = package.join(format!("{name}{suffix}"));
                Ok(std::fs::metadata(&file)
                    .with_context(|| format!("weigh {}", file.display()))?
                    .len())
            };
            let weight = Weight {
                raw: size("")?,
                gzip: size(".gz")?,
                brotli: size(".br")?,
            };
            files.insert(name, weight);
        }
    }
    let shared = ["pointsman.js", "pointsman_bg.wasm", LOADER];
    let mut areas = Areas::new();
    for (name, own) in &files {
        if let Some(area) = name.strip_suffix(".area") {
            let mut sum = *own;
            for name in shared {
                sum += *files.get(name).with_context(|| format!("there is no {name}"))?;
            }
            areas.insert(area.to_owned(), sum);
        }
    }
    Ok((files, areas))
}
